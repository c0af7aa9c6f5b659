"""How a crew member is reached: phone and e-mail lie sealed, each bound to its person (spec D.10)."""

from typing import Literal

from service.core.sealing import Sealer

Sealed = Literal["phone", "email"]


def sealed(sealer: Sealer, crew_id: int, field: Sealed, value: str | None) -> bytes | None:
    """The `phone` or `email` of a person as it is stored."""
    return None if value is None else sealer.seal(value, place(crew_id, field))


def opened(sealer: Sealer, crew_id: int, field: Sealed, stored: bytes | None) -> str | None:
    """The same as it was written. Raises `NotOpened`."""
    return None if stored is None else sealer.open(stored, place(crew_id, field))


def place(crew_id: int, field: Sealed) -> str:
    """What a sealed field is bound to."""
    return f"crew:{crew_id}/{field}"
