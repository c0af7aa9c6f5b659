"""Which fields of a child each level sees (spec E4.3)."""

from datetime import date
from typing import Final

from service.schemas.children.words import Level

CONTACTS: Final = "emergency_contacts"
MEDICATIONS: Final = "safety_protocols.medications"
CONDITIONS: Final = "safety_protocols.medical_conditions"
_WITHHELD: Final[dict[Level, tuple[str, ...]]] = {
    "view": (CONTACTS, CONDITIONS, MEDICATIONS),
    "comment": (CONTACTS,),
}
_YEAR_ALONE: Final[frozenset[Level]] = frozenset({"view", "comment"})
_OTHERS_PHONE: Final[frozenset[Level]] = frozenset({"edit", "break_glass"})
_OTHERS_EMAIL: Final[frozenset[Level]] = frozenset({"break_glass"})


def withheld(level: Level) -> tuple[str, ...]:
    """What this level does not see, by the path of the field."""
    return _WITHHELD.get(level, ())


def birth_shown(level: Level, born: date | None) -> str | None:
    """The date of birth; its year alone for who needs no more."""
    if born is None:
        return None
    return str(born.year) if level in _YEAR_ALONE else born.isoformat()


def sees_phone(level: Level, *, own: bool) -> bool:
    """Whether a guardian's phone number is shown; everybody sees their own."""
    return own or level in _OTHERS_PHONE


def sees_email(level: Level, *, own: bool) -> bool:
    """Whether a guardian's e-mail address is shown; everybody sees their own."""
    return own or level in _OTHERS_EMAIL
