"""People: a page of them, one of them, and whether those exist that a request names."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from service.attendance.models import Person
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, entities
from service.attendance.queries.browse.visible import Visible, visible_to
from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.core.paging import SortKey
from service.reporting.named import require_ids, require_name
from service.schemas.attendance import PeopleAsk

_PERSON = Person.__table__.c


def person_shown(person: Person) -> Mapping[str, Any]:
    """A person as the wire has it."""
    return {
        "number": person.upstream_name,
        "name": person.name,
        "status": person.status,
        "site": person.site and person.site.name,
        "company": person.company and person.company.name,
        "department": person.department,
        "designation": person.designation,
        "grade": person.grade,
        "joined_on": person.joined_on,
        "left_on": person.left_on,
        "default_shift": person.default_shift_type and person.default_shift_type.name,
        "holiday_list": person.holiday_list and person.holiday_list.name,
        "device_user": person.device_user,
    }


PEOPLE: Final = Shelf(
    name="attendance.people",
    keys=(SortKey("name", _PERSON.name), SortKey("id", _PERSON.id)),
    one=_PERSON.id,
    read=entities,
    shown=person_shown,
)


def _people() -> Select[Any]:
    return (
        select(Person)
        .where(Person.deleted_at.is_(None))
        .options(
            joinedload(Person.site),
            joinedload(Person.company),
            joinedload(Person.default_shift_type),
            joinedload(Person.holiday_list),
        )
    )


async def list_people(conn: ReadConnection, asking: Asking, ask: PeopleAsk) -> Listed:
    """A page of people by name.

    Raises `SiteNotAllowed`, or `Invalid` for a site or department that nobody has.
    """
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = _people().where(*visible.people)
    if ask.department is not None:
        await require_department(conn, visible, ask.department)
        statement = statement.where(Person.department == ask.department)
    if ask.status is not None:
        statement = statement.where(Person.status == ask.status)
    if ask.q is not None:
        name, number = Person.name, Person.upstream_name
        part = or_(name.icontains(ask.q, autoescape=True), number.icontains(ask.q, autoescape=True))
        statement = statement.where(part)
    return await PEOPLE.page(conn, asking, ask, statement)


async def find_person(conn: ReadConnection, asking: Asking, number: str) -> Mapping[str, Any]:
    """One person by number.

    Raises `NotFound`, also for somebody of a site that the caller may not see.
    """
    visible = await visible_to(conn, asking.caller)
    # NUL cannot be sent to PostgreSQL, so nobody can have it in a number.
    chosen = _people().where(Person.upstream_name == number.replace("\0", ""), *visible.people)
    found = await entities(conn, chosen.order_by(Person.source_id).limit(1))
    if not found or "\0" in number:
        raise NotFound(f"there is no person {number!r}")
    return person_shown(found[0])


async def require_person(
    conn: ReadConnection, visible: Visible, number: str, *, pointer: str = "/query/person"
) -> list[int]:
    """The ids of a person, one for each source; those whom the upstream has deleted still have their past.

    Raises `Invalid` (`unknown_person`), also for somebody of a site that the caller may not see.
    """
    return await require_ids(
        conn,
        _PERSON.id,
        _PERSON.upstream_name,
        number,
        pointer=pointer,
        what="person",
        among=visible.people,
    )


async def require_people(conn: ReadConnection, visible: Visible, numbers: Iterable[str]) -> None:
    """Raise `Invalid` for the first of `numbers` (of a body's `people`) that is nobody one may see."""
    wanted = list(numbers)
    known = select(Person.upstream_name).where(Person.upstream_name.in_(set(wanted)), *visible.people)
    found = set((await conn.execute(known)).scalars())
    for place, number in enumerate(wanted):
        if number not in found:
            await require_person(conn, visible, number, pointer=f"/body/people/{place}")


async def require_department(conn: ReadConnection, visible: Visible, department: str) -> None:
    """Raise `Invalid` (`unknown_department`) for a department that nobody one may see belongs to."""
    among: list[ColumnElement[bool]] = [_PERSON.department.is_not(None), *visible.people]
    await require_name(
        conn, _PERSON.department, department, pointer="/query/department", what="department", among=among
    )
