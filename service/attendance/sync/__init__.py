"""One run of the sync: pages → rows → COPY → merge → watermark; killed anywhere, the next run goes on."""

from service.attendance.sync.job import Recompute, SyncResult, run, synchronise
from service.schemas.attendance.jobs import SyncParams

__all__ = ["Recompute", "SyncParams", "SyncResult", "run", "synchronise"]
