"""The desk's jobs: import files, plan, forget what is old."""

from datetime import timedelta

from service.core.tasks import Job
from service.mill.imports.job import run as import_file
from service.schemas.mill.imports import MillImportParams

JOBS: tuple[Job, ...] = (
    Job(
        name="mill.import",
        title="Import a file of the mill's ERP",
        run=import_file,
        params=MillImportParams,
        needs="mill:write",
        deadline=timedelta(hours=1),
        scope=lambda params: f"mill.import/{params.kind}",  # type: ignore[attr-defined]  # it is the model above
    ),
)
