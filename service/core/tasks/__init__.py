"""Runs jobs: once per tick over all replicas, guarded, with a deadline; `run` is the only record."""

from service.core.tasks.engine import Tasks
from service.core.tasks.housekeeping import Chore, housekeeping
from service.core.tasks.job import Cancelled, Job, JobContext, cron_every
from service.core.tasks.periodic import Periodic, every, periodic_works

__all__ = [
    "Cancelled",
    "Chore",
    "Job",
    "JobContext",
    "Periodic",
    "Tasks",
    "cron_every",
    "every",
    "housekeeping",
    "periodic_works",
]
