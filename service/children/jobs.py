"""The desk's background jobs: sweeping, expiring, exporting, erasing."""

from collections.abc import Sequence

from service.core.tasks import Job

JOBS: Sequence[Job] = ()
