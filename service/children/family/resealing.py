"""What of a child lies sealed, for the job that seals it anew (spec E7)."""

from typing import Any, Final

from service.children.models import EmergencyContact, Safety
from service.children.rules.sealed import CONTACT, MEDICAL, place_of
from service.core import resealing
from service.core.resealing import SealedPart
from service.core.tasks import JobContext

PARTS: Final = (
    SealedPart(Safety.__table__, "child_id", "child_id", MEDICAL, place_of),
    SealedPart(EmergencyContact.__table__, "id", "child_id", CONTACT, place_of),
)


async def reseal(context: JobContext) -> dict[str, Any]:
    """Medications, conditions, phone numbers and addresses of e-mail."""
    return await resealing.reseal(context, PARTS)
