"""What of crew members lies sealed, for the job that seals it anew when a secret key is replaced."""

from typing import Any, Final

from service.core import resealing
from service.core.resealing import SealedPart
from service.core.tasks import JobContext
from service.crew.models import Contact
from service.crew.rules.sealed import place

PARTS: Final = (
    SealedPart(
        Contact.__table__,
        "crew_id",
        "crew_id",
        ("phone_sealed", "email_sealed"),
        lambda crew_id, field: place(crew_id, field.removesuffix("_sealed")),
    ),
)


async def reseal(context: JobContext) -> dict[str, Any]:
    """Phone numbers and addresses of e-mail."""
    return await resealing.reseal(context, PARTS)
