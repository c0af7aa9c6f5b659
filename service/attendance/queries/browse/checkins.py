"""Check-ins: the largest table, so one statement of named columns and every window bounded."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, any_, or_, select

from service.attendance.models import Checkin, Day, Device, Person, Site, Source
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, rows
from service.attendance.queries.browse.people import require_person
from service.attendance.queries.browse.rule_sets import choose_rules
from service.attendance.queries.browse.visible import Visible, visible_to
from service.core.database import ReadConnection
from service.core.paging import SortKey
from service.reporting.named import require_ids
from service.schemas.attendance import CheckinsAsk

_CHECKIN, _DAY, _DEVICE = Checkin.__table__.c, Day.__table__.c, Device.__table__.c
_zone = lru_cache(maxsize=64)(ZoneInfo)


def checkin_shown(row: Any) -> Mapping[str, Any]:
    """A check-in as the wire has it, `at` with the offset its site had then."""
    shown = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's mapping
    shown["at"] = row.at.astimezone(_zone(shown.pop("time_zone")))
    return shown


CHECKINS: Final = Shelf(
    name="attendance.checkins",
    keys=(
        SortKey("local_time", _CHECKIN.local_time, descending=True),
        SortKey("id", _CHECKIN.id, descending=True),
    ),
    one=_CHECKIN.id,
    read=rows,
    shown=checkin_shown,
)


async def list_checkins(conn: ReadConnection, asking: Asking, ask: CheckinsAsk) -> Listed:
    """A page of check-ins of the window `ask.from_` to `ask.to` (both given), latest first.

    Raises `SiteNotAllowed`, or `Invalid` for a site, person, device or rule set that does not exist.
    """
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = _checkins().where(*_window(ask), *visible.people)
    if ask.person is not None:
        statement = statement.where(_CHECKIN.person_id.in_(await require_person(conn, visible, ask.person)))
    if ask.device is not None or ask.device_like is not None:
        statement = statement.where(_CHECKIN.device_id.in_(await _devices(conn, visible, ask)))
    if ask.log_type is not None:
        statement = statement.where(_CHECKIN.log_type == ask.log_type)
    if ask.unassigned is not None or ask.rule_set is not None:
        rules = await choose_rules(conn, ask.rule_set)
        if ask.unassigned is not None:
            claimed = _claimed(rules.id)
            statement = statement.where(~claimed if ask.unassigned else claimed)
    return await CHECKINS.page(conn, asking, ask, statement)


def _checkins() -> Select[Any]:
    return (
        select(
            _CHECKIN.id,
            _CHECKIN.upstream_name.label("name"),
            Person.upstream_name.label("person"),
            Person.name.label("person_name"),
            _CHECKIN.unknown_person,
            _CHECKIN.local_time,
            _CHECKIN.at,
            _CHECKIN.log_type,
            Device.name.label("device"),
            Site.name.label("site"),
            _CHECKIN.skip,
            Source.time_zone,
        )
        .select_from(Checkin)
        .join(Source, Source.id == _CHECKIN.source_id)
        .outerjoin(Person, Person.id == _CHECKIN.person_id)
        .outerjoin(Site, Site.id == Person.site_id)
        .outerjoin(Device, Device.id == _CHECKIN.device_id)
    )


def _window(ask: CheckinsAsk) -> list[ColumnElement[bool]]:
    assert ask.from_ is not None
    assert ask.to is not None
    start = datetime.combine(ask.from_, time())
    end = datetime.combine(ask.to, time()) + timedelta(days=1)
    return [_CHECKIN.local_time >= start, _CHECKIN.local_time < end, _CHECKIN.deleted_at.is_(None)]


async def _devices(conn: ReadConnection, visible: Visible, ask: CheckinsAsk) -> list[int]:
    """The ids that `device` and `device_like` mean together; an unknown `device` is refused."""
    ids: list[int] | None = None
    if ask.device is not None:
        columns, pointer = (_DEVICE.id, _DEVICE.name), "/query/device"
        # A device that a row of the list names may be asked for, wherever it hangs.
        named = select(_CHECKIN.id).join(Person, Person.id == _CHECKIN.person_id)
        named = named.where(_CHECKIN.device_id == _DEVICE.id, *_window(ask), *visible.people)
        known = [or_(*visible.devices, named.correlate(Device).exists())] if visible.devices else []
        ids = await require_ids(conn, *columns, ask.device, pointer=pointer, what="device", among=known)
    if ask.device_like is None:
        return ids or []
    like = select(_DEVICE.id).where(_DEVICE.name.ilike(ask.device_like)).order_by(_DEVICE.id)
    found = (await conn.execute(like)).scalars()
    return [device for device in found if ids is None or device in ids]


def _claimed(rule_set_id: int) -> ColumnElement[bool]:
    """Whether a shift's result holds the punch: counted, or set aside (a duplicate) inside its window.

    A day's row also keeps punches outside all windows, behind those that count.
    """
    counted = _DAY.punches[1 : _DAY.punch_count]
    inside = _CHECKIN.local_time.between(_DAY.window_start, _DAY.window_end)
    # A shift may begin the day before its punch (overnight) or, with an early entry, the day after.
    nearby = _DAY.work_date.between(_CHECKIN.day - 1, _CHECKIN.day + 1)
    held = or_(_CHECKIN.id == any_(counted), and_(_CHECKIN.id == any_(_DAY.punches), inside))
    rows_of_shifts = select(_DAY.person_id).where(
        _DAY.rule_set_id == rule_set_id,
        _DAY.person_id == _CHECKIN.person_id,
        nearby,
        _DAY.shift_type_id.is_not(None),
        held,
    )
    return rows_of_shifts.correlate(Checkin.__table__).exists()
