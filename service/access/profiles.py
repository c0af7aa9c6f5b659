"""What people say about themselves, and what professionals practise (children spec D4, A3.10)."""

from datetime import UTC, date, datetime
from typing import Any, Final

from service.access import audit, people_queries, queries
from service.access.answering import require_version
from service.core.auth import Caller
from service.core.database import Database, WriteConnection
from service.core.errors import FieldError, Invalid, NotFound, PreconditionFailed
from service.schemas.people import Professional, ProfessionalAsk, Profile, ProfileAsk

_LICENCE: Final = frozenset({"license_type", "license_number", "license_state", "license_expiry"})
_LICENCE_LASTS: Final = 3650
"""Days ahead that an expiry is believed (A3.10)."""


async def profile_of(database: Database, person: int) -> Profile:
    """What a person has said. Raises `NotFound` for one who has just been erased."""
    async with database.read() as conn:
        row = await people_queries.select_profile(conn, person)
    return _shown(row)


async def change(conn: WriteConnection, caller: Caller, asked: ProfileAsk, if_match: str | None) -> Profile:
    """Change what is named, at the version that `If-Match` names."""
    person = _person(caller)
    before = await people_queries.select_profile(conn, person)
    require_version(_shown(before).version, if_match)
    values = asked.model_dump(exclude_unset=True)
    changed = {name: value for name, value in values.items() if value != getattr(before, name)}
    if not changed:
        return _shown(before)
    row = await people_queries.update_profile(conn, person, _shown(before).version, changed)
    if row is None:
        raise PreconditionFailed("the profile has just been changed; read it again", code="version_conflict")
    await audit.record(conn, caller, "person.updated", f"person:{person}", changed_fields=list(changed))
    await queries.announce(conn)  # the name is part of who a caller is
    return _shown(row)


async def professional_of(database: Database, person: int) -> Professional:
    """The licence and practice of a person; an empty one at version 0 where nothing is kept yet."""
    async with database.read() as conn:
        return _practice(await people_queries.select_professional(conn, person))


async def put_professional(
    conn: WriteConnection, caller: Caller, asked: ProfessionalAsk, if_match: str | None
) -> Professional:
    """Write licence and practice as a whole. Another licence is not verified any more."""
    person = _person(caller)
    await people_queries.lock_person(conn, person)  # so that two first writes do not both find nothing
    before = _practice(await people_queries.lock_professional(conn, person))
    require_version(before.version, if_match)
    values, kept = asked.model_dump(), before.model_dump()
    changed = [name for name in values if values[name] != kept[name]]
    if not changed and before.version:
        return before
    _check_expiry(asked, changed)
    if not _LICENCE.isdisjoint(changed):
        await people_queries.raise_version(conn, person)  # so that an admin verifies the one that was seen
        if before.is_verified:
            values |= {"is_verified": False, "verified_at": None, "verified_by": None}
    await people_queries.put_professional(conn, person, values)
    await audit.record(conn, caller, "professional.updated", f"person:{person}", changed_fields=changed)
    return _practice(await people_queries.select_professional(conn, person))


def _person(caller: Caller) -> int:
    assert caller.person is not None
    return caller.person


def _shown(row: Any) -> Profile:
    if row is None:
        raise NotFound("there is no such person any more")
    return Profile.model_validate(row, from_attributes=True)


def _practice(row: Any) -> Professional:
    return Professional(version=0) if row is None else Professional.model_validate(row._asdict())


def _check_expiry(asked: ProfessionalAsk, changed: list[str]) -> None:
    """An old expiry that stays is not refused: else nothing could be changed once it has passed."""
    if asked.license_expiry is None or "license_expiry" not in changed:
        return
    ahead = (asked.license_expiry - _today()).days
    if not 0 <= ahead <= _LICENCE_LASTS:
        detail = "a licence ends between today and ten years from now"
        raise Invalid(detail, errors=[FieldError("/body/license_expiry", "out_of_range", detail)])


def _today() -> date:
    return datetime.now(UTC).date()
