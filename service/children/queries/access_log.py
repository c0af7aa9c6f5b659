"""Who looked at a child, from the audit: for its guardians, and for whoever answers for a breach."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Select, case, cast, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from service.access.models import ApiKey, Audit, AuthUser
from service.core.paging import Paging, SortKey

_AUDIT = Audit.__table__.c
ORDER: Final = (SortKey("at", _AUDIT.at, descending=True), SortKey("id", _AUDIT.id, descending=True))
_NAME = func.nullif(func.concat_ws(" ", AuthUser.first_name, AuthUser.last_name), "")
_OF_KEY = Audit.who.like("key:%")
WHO: Final = (
    case((_OF_KEY, "device"), (Audit.actor_user_id.is_not(None), "person"), else_="system").label("kind"),
    case((_OF_KEY, ApiKey.name), else_=_NAME).label("name"),
    case((_OF_KEY, None), else_=AuthUser.role).label("role"),
)
SHOWN: Final = (
    Audit.id,
    Audit.at,
    Audit.what.label("action"),
    *WHO,
    func.coalesce(Audit.changed_fields, cast([], ARRAY(Audit.what.type))).label("fields"),
    Audit.purpose,
)


def accesses(child_id: int, start: datetime | None = None, end: datetime | None = None) -> Select[Any]:
    """What was done and read of a child in [start, end), to be narrowed to a page by `ORDER`.

    Refusals are left out: they are the security's, and would name people who never saw the child.
    """
    about = or_(Audit.child_id == child_id, Audit.child_ids.contains(_one(child_id)))
    return _joined(select(*SHOWN)).where(about, *_within(start, end))


def page_of_accesses(
    child_id: int, start: datetime | None, end: datetime | None, paging: Paging
) -> Select[Any]:
    """One page of it: each of the two indexes gives its own newest rows, however long the log is."""
    of_child = _keys().where(Audit.child_id == child_id, *_within(start, end))
    of_lists = _keys().where(
        Audit.child_ids.contains(_one(child_id)),
        Audit.child_id.is_distinct_from(child_id),
        *_within(start, end),
    )
    found = union_all(
        select(paging.narrow(of_child).subquery()), select(paging.narrow(of_lists).subquery())
    ).subquery()
    joined = _joined(select(*SHOWN)).join(found, (found.c.id == Audit.id) & (found.c.at == Audit.at))
    return paging.narrow(joined)


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Audit)
        .outerjoin(AuthUser, AuthUser.id == Audit.actor_user_id)
        .outerjoin(ApiKey, _OF_KEY & (ApiKey.id == func.substr(Audit.who, 5)))
    )


def _keys() -> Select[*tuple[Any, ...]]:
    return select(Audit.at, Audit.id)


def _one(child_id: int) -> Any:
    return cast([child_id], ARRAY(BigInteger))


def _within(start: datetime | None, end: datetime | None) -> list[Any]:
    limits: list[Any] = [Audit.outcome == "allow"]
    if start is not None:
        limits.append(Audit.at >= start)
    if end is not None:
        limits.append(Audit.at < end)
    return limits
