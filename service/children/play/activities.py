"""Activities: kept once with their points, told otherwise, verified by either side, voided."""

from typing import Any, Final, NoReturn
from uuid import UUID

from sqlalchemy import Row

from service.access import audit
from service.access.answering import require_version
from service.children.door import admit, check, hide, note_reading
from service.children.play.held import now, refuse, require_consent, standing_of
from service.children.play.starting import differing
from service.children.play.voiding import check_void, record_void
from service.children.queries import activities
from service.children.queries.achievements import insert_earned
from service.children.queries.points import award, take_back
from service.children.queries.sessions import select_policy
from service.children.rules.permissions import Action
from service.children.rules.sessions import AHEAD
from service.core.auth import Caller
from service.core.database import Database, ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError
from service.schemas.children.activities import (
    Activity,
    ActivityAsk,
    ActivityChangeAsk,
    ActivityVoided,
    VerifyAsk,
)

CREATED: Final = "activity.create"
READ: Final = "activity.read"
UPDATED: Final = "activity.update"
VERIFIED: Final = "activity.verify"
VOIDED: Final = "activity.void"
_LASTING: Final = ActivityAsk.model_fields.keys() - ActivityChangeAsk.model_fields.keys()
_GUARDIANS: Final = frozenset({"primary", "full"})


async def add(
    conn: WriteConnection, caller: Caller, child_id: int, ask: ActivityAsk, policy: str
) -> tuple[Activity, bool]:
    """Keep an activity with its points, or give the one that this is a repetition of; whether it is new.

    Raises `Conflict` (`activity_id_conflict`) where the id belongs to another content.
    """
    # The child is held: what runs beside this counts towards the same achievements.
    await admit(conn, caller, child_id, Action.ADD_ACTIVITY, CREATED, lock=True)
    require_consent(await select_policy(conn, child_id), policy)
    values = {**ask.model_dump(), "completed_at": ask.completed_at or now()}
    refuse(_out_of_time(values))
    made = await activities.insert_activity(conn, {"child_id": child_id, "created_by": caller.id, **values})
    if made is None:
        assert ask.client_activity_id is not None
        return await _same(conn, child_id, ask, ask.client_activity_id), False
    if ask.points_earned:
        await award(conn, "activity", [(child_id, made.id, ask.points_earned)], actor=caller.person)
    await insert_earned(conn, [child_id])
    await _record(conn, caller, CREATED, made, ask.model_fields_set)
    return Activity.model_validate(made._asdict()), True


async def change(
    conn: WriteConnection, caller: Caller, activity_id: int, ask: ActivityChangeAsk, if_match: str | None
) -> Activity:
    """Tell an activity otherwise; what was verified is not what is there now, so that is taken off."""
    row = await _hold(conn, caller, activity_id, Action.UPDATE_ACTIVITY, UPDATED)
    require_version(row.version, if_match)
    told = ask.model_dump(include=ask.model_fields_set)
    if told.get("activity_name", "") is None:
        refuse([FieldError("/activity_name", "required", "an activity has a name")])
    if not told:
        return Activity.model_validate(row._asdict())
    unverified = {"verified_by_parent": False, "verified_by_professional": False}
    changed = await activities.update_activity(conn, activity_id, {**told, **unverified})
    await _record(conn, caller, UPDATED, row, ask.model_fields_set)
    return Activity.model_validate(changed._asdict())


async def verify(conn: WriteConnection, caller: Caller, activity_id: int, ask: VerifyAsk) -> Activity:
    """Say for the caller's own side, family or professionals, that it was seen so."""
    row = await _hold(conn, caller, activity_id, Action.VERIFY_ACTIVITY, VERIFIED)
    side = "verified_by_parent" if row.level in _GUARDIANS else "verified_by_professional"
    notes = {} if ask.notes is None else {"verification_notes": ask.notes}
    changed = await activities.update_activity(conn, activity_id, {side: ask.verified, **notes})
    await _record(conn, caller, VERIFIED, row, {side, *notes})
    return Activity.model_validate(changed._asdict())


async def void(conn: WriteConnection, caller: Caller, activity_id: int, reason: str) -> ActivityVoided:
    """Void an activity; its points are taken back, achievements stay."""
    row = await activities.hold_activity(conn, caller, activity_id)
    if row is None:
        await _hide(conn, caller, VOIDED, activity_id)
    check_void(caller, standing_of(row), row.created_by == caller.id, row.created_at, VOIDED)
    moment = now()
    await activities.update_activity(conn, activity_id, {"deleted_at": moment, "voided_reason": reason})
    taken = await take_back(conn, row.child_id, "activity", row.id, "an activity was voided", caller.person)
    await record_void(conn, caller, VOIDED, "activity", row)
    return ActivityVoided(id=row.id, child_id=row.child_id, voided_at=moment, points_taken=taken)


async def read_activity(database: Database, caller: Caller, activity_id: int) -> Activity:
    """One activity, noted in the audit. Raises `Hidden`."""
    async with database.read() as conn:
        row = await activities.select_activity(conn, caller, activity_id)
        if row is None:
            await _hide(conn, caller, READ, activity_id)
    check(caller, standing_of(row), Action.READ, READ)
    await note_reading(database, caller, READ, row.child_id)
    return Activity.model_validate(row._asdict())


async def _hold(
    conn: WriteConnection, caller: Caller, activity_id: int, action: Action, what: str
) -> Row[Any]:
    row = await activities.hold_activity(conn, caller, activity_id)
    if row is None:
        await _hide(conn, caller, what, activity_id)
    check(caller, standing_of(row), action, what)
    return row


async def _hide(conn: ReadConnection, caller: Caller, what: str, activity_id: int) -> NoReturn:
    await hide(conn, caller, what, activities.owner_of(activity_id))


async def _same(conn: WriteConnection, child_id: int, ask: ActivityAsk, client_id: UUID) -> Activity:
    row = await activities.select_same(conn, child_id, client_id)
    told = {name: value for name, value in ask.model_dump().items() if name != "completed_at" or value}
    if row.version > 1:  # what people told otherwise since does not make the sender's copy another one
        told = {name: value for name, value in told.items() if name in _LASTING}
    others = ["deleted_at"] if row.deleted_at is not None else differing(row, told)
    if others:
        detail = f"there is an activity of this id, and it differs in {', '.join(others)}"
        raise Conflict(detail, code="activity_id_conflict")
    return Activity.model_validate(row._asdict())


def _out_of_time(values: dict[str, Any]) -> list[FieldError]:
    if values["completed_at"] > now() + AHEAD:
        return [FieldError("/completed_at", "date_in_future", "this instant has not come yet")]
    if values["started_at"] is not None and values["completed_at"] < values["started_at"]:
        detail = "an activity is not completed before it starts"
        return [FieldError("/completed_at", "ended_before_start", detail)]
    return []


async def _record(conn: WriteConnection, caller: Caller, what: str, row: Row[Any], fields: set[str]) -> None:
    subject = f"activity:{row.id}"
    await audit.record(conn, caller, what, subject, child_id=row.child_id, changed_fields=sorted(fields))
