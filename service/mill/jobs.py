"""The desk's jobs: import files, plan, forget what is old."""

from service.core.tasks import Job

JOBS: tuple[Job, ...] = ()
