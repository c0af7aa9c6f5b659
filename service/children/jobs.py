"""The desk's background jobs: sweeping, expiring, exporting, erasing."""

from collections.abc import Sequence
from datetime import timedelta

from service.children.rights.copying import JOB as COPY
from service.children.rights.copying import LONGEST, write_copy
from service.children.rights.execution import carry_out_erasures
from service.core.tasks import Job
from service.schemas.children.rights import DataExportParams

JOBS: Sequence[Job] = (
    Job(
        name=COPY,
        title="Write a copy of a child's data for its guardian",
        run=write_copy,
        params=DataExportParams,
        deadline=LONGEST,
        scope=lambda params: f"{COPY}/{params.model_dump()['request']}",
        hands_out=False,
    ),
    Job(
        name="children.erasure",
        title="Erase the children whose erasure is due",
        run=carry_out_erasures,
        deadline=timedelta(minutes=50),
        cron=lambda _: "41 * * * *",
        patient=True,
    ),
)
