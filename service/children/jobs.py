"""The desk's background jobs: sweeping, expiring, exporting, erasing."""

from collections.abc import Sequence
from datetime import timedelta

from service.children.family.expiring import end_expired
from service.core.tasks import Job

EXPIRE = Job(
    name="children.expire",
    title="End access to children that is over",
    run=end_expired,
    deadline=timedelta(minutes=5),
    cron=lambda _: "*/5 * * * *",
)
JOBS: Sequence[Job] = (EXPIRE,)
