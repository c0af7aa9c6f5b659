"""The desk's jobs: follow Gartan, import files, tell people ahead of a gap, forget what is old."""

from service.core.tasks import Job

JOBS: tuple[Job, ...] = ()
