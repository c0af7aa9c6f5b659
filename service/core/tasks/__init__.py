"""Runs jobs: once per tick over all replicas, guarded, with a deadline; `run` is the only record."""

from service.core.tasks.engine import Tasks
from service.core.tasks.job import Cancelled, Job, JobContext

__all__ = ["Cancelled", "Job", "JobContext", "Tasks"]
