"""Machines and calendars changed by people: what is planned from then on, each change on record."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import available_timezones

from sqlalchemy import Row

from service.access.answering import require_version
from service.access.audit import record
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import FieldError, Invalid, NotFound, near_matches
from service.core.versions import raise_versions
from service.mill.queries import calendars, scopes
from service.mill.queries.machines import lock_machine, put_machine
from service.schemas.mill.plant import MillCalendarAsk, MillMachineChangeAsk

_COLUMNS: Final[tuple[str, ...]] = ("status", "available_from", "efficiency")


async def change_machine(
    conn: WriteConnection, caller: Caller, code: str, asked: MillMachineChangeAsk, if_match: str | None
) -> Mapping[str, int]:
    """Status, availability or efficiency at the version that `If-Match` names; the versions raised.

    Raises `NotFound`, `PreconditionRequired`, `PreconditionFailed`.
    """
    before = await lock_machine(conn, code)
    if before is None:
        raise NotFound(f"there is no machine {code!r}", code="machine_not_found")
    require_version(before.row_version, if_match)
    named: dict[str, Any] = {
        name: getattr(asked, name) for name in _COLUMNS if name in asked.model_fields_set
    }
    changes = {name: value for name, value in named.items() if value != getattr(before, name)}
    if not changes:
        return {}
    await put_machine(conn, before.id, changes)
    await record(
        conn, caller, "mill.machine_changed", f"machine:{code}",
        before={name: _plain(getattr(before, name)) for name in changes},
        after={**{name: _plain(value) for name, value in changes.items()}, "reason": asked.reason},
    )  # fmt: skip
    return await raise_versions(conn, [scopes.PLANT])


async def put_calendar(
    conn: WriteConnection, caller: Caller, name: str, asked: MillCalendarAsk, if_match: str | None
) -> tuple[Row[Any], Mapping[str, int]]:
    """A calendar as a whole, new or at the version that `If-Match` names; and the versions raised.

    Raises `Invalid`, `PreconditionRequired`, `PreconditionFailed`.
    """
    await _check(conn, asked)
    number = await calendars.add_calendar(conn, name, asked.zone)
    before = None
    if number is None:
        held = await calendars.lock_calendar(conn, name)
        assert held is not None
        require_version(held.row_version, if_match)
        before = calendar_shown(await _found(conn, name))
        number = held.id
        await calendars.change_calendar(conn, number, asked.zone)
    values = asked.model_dump(mode="json")
    await calendars.fill_calendar(conn, number, values["shifts"], values["days"])
    await calendars.follow_calendar(conn, number, asked.work_centers, asked.machines)
    after = await _found(conn, name)
    await record(
        conn, caller, "mill.calendar_put", f"calendar:{name}", before=before, after=calendar_shown(after)
    )
    return after, await raise_versions(conn, [scopes.PLANT])


async def remove_calendar(
    conn: WriteConnection, caller: Caller, name: str, if_match: str | None
) -> tuple[dict[str, Any], Mapping[str, int]]:
    """Remove a calendar at the version that `If-Match` names; who followed it, and the versions raised.

    Raises `NotFound`, `PreconditionRequired`, `PreconditionFailed`.
    """
    held = await calendars.lock_calendar(conn, name)
    if held is None:
        raise no_calendar(name)
    require_version(held.row_version, if_match)
    before = calendar_shown(await _found(conn, name))
    await calendars.delete_calendar(conn, held.id)
    await record(conn, caller, "mill.calendar_removed", f"calendar:{name}", before=before)
    gone = {"name": name, "work_centers": before["work_centers"], "machines": before["machines"]}
    return gone, await raise_versions(conn, [scopes.PLANT])


def calendar_shown(row: Row[Any]) -> dict[str, Any]:
    """A calendar as the wire has it."""
    return {
        "name": row.name,
        "zone": row.tz,
        "shifts": row.shifts,
        "days": row.days,
        "work_centers": row.work_centers,
        "machines": row.machines,
        "row_version": row.row_version,
    }


def no_calendar(name: str) -> NotFound:
    """There is none of this name."""
    return NotFound(f"there is no calendar {name!r}", code="calendar_not_found")


async def _found(conn: WriteConnection, name: str) -> Row[Any]:
    row = await calendars.select_calendar(conn, name)
    assert row is not None
    return row


async def _check(conn: WriteConnection, asked: MillCalendarAsk) -> None:
    problems = list(_problems(asked))
    centers, machines = await calendars.select_unknown(conn, asked.work_centers or (), asked.machines or ())
    problems += [_unknown("work_centers", asked.work_centers, code, "work centre") for code in centers]
    problems += [_unknown("machines", asked.machines, code, "machine") for code in machines]
    if problems:
        raise Invalid("; ".join(one.detail for one in problems[:3]), errors=problems)


def _problems(asked: MillCalendarAsk) -> Iterator[FieldError]:
    """What no calendar can be."""
    zones = available_timezones()
    if asked.zone not in zones:
        near = near_matches(asked.zone, sorted(zones))
        detail = f"there is no time zone {asked.zone!r}" + (f"; near it: {', '.join(near)}" if near else "")
        yield FieldError("/body/zone", "unknown_zone", detail)
    begins = [(one.weekday, one.start) for one in asked.shifts]
    for at, begin in enumerate(begins):
        if begin in begins[:at]:
            yield FieldError(f"/body/shifts/{at}", "repeated_shift", "another shift begins then")
    days = [one.day for one in asked.days]
    for at, day in enumerate(days):
        if day in days[:at]:
            yield FieldError(f"/body/days/{at}/day", "repeated_day", "this day stands there twice")


def _unknown(field: str, codes: Sequence[str] | None, code: str, kind: str) -> FieldError:
    at = list(codes or ()).index(code)
    return FieldError(f"/body/{field}/{at}", "unknown_code", f"there is no {kind} {code!r}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:.4f}" if isinstance(value, Decimal) else value
