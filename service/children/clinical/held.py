"""What the deeds at writings begin with: who asks, how they stand to the child, consent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Row

from service.children.door import Standing
from service.children.queries.sessions import select_policy
from service.children.rules.collection import may_collect
from service.core.auth import Audited, Caller
from service.core.database import ReadConnection
from service.core.errors import Conflict, FieldError, Invalid, NotAllowed
from service.schemas.children.words import Level

_AUTHOR = ("author_id", "author_name", "author_role")


class NotTheAuthor(Audited, NotAllowed):
    """It can be seen, and only who wrote it may do this."""

    code = "not_the_author"
    deny_code = "not_the_author"

    def __init__(self, caller: Caller, what: str, child_id: int) -> None:
        super().__init__("only who wrote this may do that")
        self.caller = caller
        self.what = what
        self.subject = f"child:{child_id}"
        self.child_id = child_id


def standing_of(row: Row[Any]) -> Standing:
    """How the caller stands to the child of a row that was read with it."""
    level = cast(Level, row.level)
    return Standing(row.child_id, level, row.child_is_active, row.child_restricted, row.child_timezone)


def with_author(row: Row[Any]) -> Mapping[str, Any]:
    """A row's values with its author as one."""
    values = row._asdict()
    who, name, role = (values.pop(column) for column in _AUTHOR)
    return {**values, "author": {"id": who, "name": name, "role": role}}


def person_of(caller: Caller) -> int:
    """Who writes: `admit` has let nobody pass who is no person."""
    assert caller.person is not None
    return caller.person


async def require_consent(conn: ReadConnection, child_id: int, policy: str) -> None:
    """Raise `Conflict` unless the guardians' consent lets something new be collected (spec E9)."""
    if not may_collect(await select_policy(conn, child_id), policy, datetime.now(UTC).date()):
        detail = "the guardians' consent to processing has been withdrawn, or is for an older policy"
        raise Conflict(detail, code="consent_required")


def require_past(moment: datetime | None, pointer: str) -> None:
    """Raise `Invalid` (`date_in_future`) for what is said to have happened and has not yet."""
    if moment is not None and moment > datetime.now(UTC):
        detail = "this is in the future"
        raise Invalid(detail, errors=[FieldError(pointer, "date_in_future", detail)])
