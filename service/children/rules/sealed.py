"""What of a child lies sealed in the database (spec E7), and the place each text is bound to."""

from typing import Final, Literal

import orjson

from service.core.sealing import Sealer

Sealed = Literal["phone", "email", "medications", "medical_conditions"]
CONTACT: Final[tuple[Sealed, Sealed]] = ("phone", "email")
MEDICAL: Final[tuple[Sealed, Sealed]] = ("medical_conditions", "medications")


def place_of(child_id: int, field: Sealed) -> str:
    """The place that a sealed text belongs to: moved to another child it does not open."""
    return f"child:{child_id}/{field}"


def seal_text(sealer: Sealer, child_id: int, field: Sealed, text: str | None) -> bytes | None:
    """A contact's phone number or e-mail address, sealed."""
    return None if text is None else sealer.seal(text, place_of(child_id, field))


def open_text(sealer: Sealer, child_id: int, field: Sealed, sealed: bytes | None) -> str | None:
    """The text of it. Raises `NotOpened`."""
    return None if sealed is None else sealer.open(sealed, place_of(child_id, field))


def seal_list(sealer: Sealer, child_id: int, field: Sealed, entries: list[str]) -> bytes | None:
    """Medications or conditions, sealed; none is null."""
    return seal_text(sealer, child_id, field, orjson.dumps(entries).decode()) if entries else None


def open_list(sealer: Sealer, child_id: int, field: Sealed, sealed: bytes | None) -> list[str]:
    """The entries of it. Raises `NotOpened`."""
    text = open_text(sealer, child_id, field, sealed)
    entries: list[str] = [] if text is None else orjson.loads(text)
    return entries
