"""The station display beside the state that the grid gives for that instant (spec A.9)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from service.core.database import ReadConnection
from service.crew.answers.states import shown_name
from service.crew.queries.station_days import (
    Asked,
    MemberRow,
    Said,
    select_appliances,
    select_crew,
    select_flags,
    select_members,
)
from service.crew.queries.stations import StationRow
from service.crew.rules.display import Display
from service.crew.rules.grid import State
from service.crew.rules.names import name_key

_MOMENT = timedelta(microseconds=1)


async def compared(
    conn: ReadConnection, station: StationRow, shown: Display, at: datetime, *, redact: bool
) -> dict[str, Any]:
    """What display and grid tell otherwise of; a part that the display does not have tells nothing."""
    asked = Asked(station.id, at, at + _MOMENT)
    members = await select_members(conn, station.id)
    said = await select_crew(conn, asked)
    flags = await select_flags(conn, asked)
    names = await select_appliances(conn, station.id)
    people = [_hidden(one) if redact else one for one in _people(shown, members, said, at)]
    appliances = list(_appliances(shown, names, flags, at))
    return {
        "display_time_local": None if shown.local_time is None else shown.local_time.isoformat(),
        "agrees": not people and not appliances,
        "crewing": [
            {"label": label, "available": one.available, "difference": one.difference}
            for label, one in (shown.crewing or {}).items()
        ],
        "people": people,
        "appliances": appliances,
    }


def _people(shown: Display, members: Any, said: Said, at: datetime) -> Iterator[dict[str, Any]]:
    if shown.on_duty is None:
        return
    on_duty = {name_key(one.name): one.name for one in shown.on_duty}
    known: Mapping[str, MemberRow] = {name_key(one.name): one for one in members}
    for key in sorted(on_duty.keys() | known.keys()):
        member = known.get(key)
        state, reason = ("unknown", None) if member is None else _state(said, member.id, at)
        if (state == "available") != (key in on_duty):
            yield {
                "crew_id": None if member is None else member.id,
                "name": on_duty[key] if member is None else member.name,
                "shown": key in on_duty,
                "computed": state,
                "reason": reason,
            }


def _hidden(person: Mapping[str, Any]) -> dict[str, Any]:
    """With the number in place of the name; whom no grid has listed has none."""
    number = person["crew_id"]
    return {**person, "name": "#?" if number is None else shown_name(number, "", redact=True)}


def _appliances(
    shown: Display, names: Mapping[int, str], flags: Said, at: datetime
) -> Iterator[dict[str, Any]]:
    """Those that both sides speak of."""
    for number, name in names.items():
        live = (shown.appliances or {}).get(name, "unknown")
        flag, _ = _state(flags, number, at)
        if "unknown" not in (live, flag) and live != flag:
            yield {"appliance": name, "shown": live, "computed": flag}


def _state(said: Said, owner: int, at: datetime) -> tuple[State, str | None]:
    found = (one for one in said.get(owner, ()) if one.start <= at < one.end)
    return next(((one.state, one.reason) for one in found), ("unknown", None))
