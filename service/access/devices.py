"""What guardians give the devices of their children: keys, and tokens for half a day (children spec E1).

Whose child it is the children's desk knows: `AdmitDevice` is its word on it.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from service.access import audit
from service.access.access_tokens import Claims, mint
from service.access.keys import Owner
from service.access.roles import INGEST
from service.core.auth import Caller
from service.core.database import Database, ReadConnection
from service.core.errors import FieldError, Invalid, NotAllowed
from service.schemas.access import IngestToken, KeyAsk

AdmitDevice = Callable[[ReadConnection, Caller, Sequence[int]], Awaitable[None]]
"""Raises the refusal of the children's desk unless the caller may let a device play for each child."""

LONGEST: Final = timedelta(days=365)
INGEST_LIFETIME: Final = timedelta(hours=12)


def person_of(caller: Caller) -> int:
    """The person who asks by themselves. Raises `NotAllowed` for a key, a device and an emergency."""
    own = caller.kind in ("token", "session") and caller.bound is None and caller.break_glass is None
    if caller.person is None or not own or not caller.id.startswith("person:"):
        raise NotAllowed("only a person who signed in gives devices their access", code="people_only")
    caller.require(*INGEST)  # nobody hands on what their own token may not
    return caller.person


def owned(ask: KeyAsk, person: int) -> tuple[KeyAsk, Owner]:
    """What a guardian asks for, within what a device may: sessions of their children, a year at most.

    Raises `Invalid` (`not_grantable`, `required`, `too_far`).
    """
    foreign = sorted(set(ask.scopes) - INGEST)
    if foreign:
        raise _field("scopes", "not_grantable", f"a device may hold {', '.join(INGEST)}, not {foreign[0]}")
    if ask.child_ids is None:
        raise _field("child_ids", "required", "name the children the device is for")
    if ask.sites is not None:
        raise _field("sites", "not_grantable", "a device of a child is at no site")
    latest = datetime.now(UTC) + LONGEST
    if ask.expires_at is not None and ask.expires_at > latest:
        raise _field("expires_at", "too_far", f"a device's key ends within {LONGEST.days} days")
    limited = ask.model_copy(update={"expires_at": ask.expires_at or latest})
    return limited, Owner(person, sorted(set(ask.child_ids)))


async def ingest_token(
    database: Database, keys: Sequence[str], caller: Caller, child_id: int, admit: AdmitDevice
) -> IngestToken:
    """A token for the tablet of one child; it ends with the person's other tokens. `keys` sign."""
    person = person_of(caller)
    async with database.write() as conn:
        await admit(conn, caller, [child_id])
        await audit.record(conn, caller, "ingest.created", f"child:{child_id}", child_id=child_id)
    assert caller.token_version is not None  # a person signed in with something
    claims = Claims(
        person=person,
        version=caller.token_version,
        scopes=INGEST,
        bound=frozenset({child_id}),
        audience="ingest",
    )
    return IngestToken(
        access_token=mint(keys, claims, INGEST_LIFETIME),
        expires_in=int(INGEST_LIFETIME.total_seconds()),
        scope=" ".join(sorted(INGEST)),
        child_id=child_id,
    )


def _field(name: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"/body/{name}", code, detail)])
