"""The board of a fire station: appliances with their light, who can turn out, the gaps ahead (A.12, D.8)."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment

from service.core.pages import csp_hash, inline, template_environment
from service.crew.answers.appliance_answers import Asking, statuses
from service.crew.answers.appliances import courses
from service.crew.answers.board_words import WORDS
from service.crew.answers.standing import Standing
from service.crew.answers.states import in_order, shown_name, states_of
from service.crew.queries.appliances import ApplianceRow, select_of_stations
from service.crew.queries.logins import Login
from service.crew.queries.states import StateRow, Whom
from service.crew.queries.stations import StationRow
from service.crew.rules.gaps import AppGap, Part, gaps
from service.reporting import pages
from service.schemas.exports import Locale

AHEAD: Final = timedelta(hours=24)
MOST_WAYS: Final = 6
"""Ways to close a gap that are written out; the others are counted."""
REFRESH: Final = 60
"""Seconds."""
_HERE: Final = Path(__file__).parent.parent / "pages"
_STYLE: Final = pages.STYLE + inline(_HERE / "board.css")
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {csp_hash(_STYLE)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Board:
    """How a board is shown: at which instant, in which language, with names or numbers."""

    asking: Asking
    at: datetime
    locale: Locale
    redact: bool
    live: bool
    query: Mapping[str, str]

    @property
    def said(self) -> dict[str, Any]:
        """The words."""
        return WORDS[self.locale]

    def clock(self, moment: datetime, zone: str) -> str:
        """A wall clock of the station: of today the time alone."""
        local, today = moment.astimezone(ZoneInfo(zone)), self.at.astimezone(ZoneInfo(zone)).date()
        if local.date() == today:
            return f"{local:%H:%M}"
        if local.date() == today + timedelta(days=1):
            return str(self.said["tomorrow"].format(clock=f"{local:%H:%M}"))
        return f"{local:%Y-%m-%d %H:%M}"

    def bounded(self, until: datetime | None, zone: str, *, lower_bound: bool | None) -> str:
        """Until when, at least until when, or that it is not known."""
        if until is None:
            return str(self.said["end_unknown"])
        kind = "at_least" if lower_bound else "until"
        return str(self.said[kind].format(at=self.clock(until, zone)))


async def station_board(board: Board, station: StationRow, login: Login) -> str:
    """The page of a station."""
    asking, at = board.asking, board.at
    appliances = await select_of_stations(asking.conn, [station.code])
    made = await statuses(asking, appliances, at) if appliances else None
    whom = Whom([station.id], known_at=asking.known_at)
    states = await states_of(asking.conn, asking.settings, [station], whom, at, asking.now)
    names = {row.id: shown_name(row.id, row.name, redact=board.redact) for row in states.rows}
    items = [] if made is None else made.body["items"]
    codes = asking.settings.crew.codes
    return _templates().get_template("board.html").render(
        **_frame(board, station.zone),
        station=station,
        notes=list(_notes(board, states.standing, login, station.zone)),
        standing=states.standing,
        reasons=_reasons(states.standing, made.body["data"] if made else None),
        as_of=None if states.standing.as_of is None else board.clock(states.standing.as_of, station.zone),
        appliances=[_appliance(board, one, names, station.zone) for one in items],
        counts=[(state, sum(row.state == state for row in states.rows)) for state in board.said["states"]],
        crew=[_person(board, row, names, codes) for row in in_order(states.rows)],
        gaps=[one async for one in _gaps(board, station, appliances, names)],
    )  # fmt: skip


async def boards(board: Board, stations: Sequence[StationRow]) -> str:
    """The page of all stations that somebody may see: each with its appliances and the way to its board."""
    asking = board.asking
    appliances = await select_of_stations(asking.conn, [one.code for one in stations])
    made = await statuses(asking, appliances, board.at, stations) if stations else None
    items = [] if made is None else made.body["items"]
    data = None if made is None else made.body["data"]
    shown = [
        (one, [_light(board, item, one.zone) for item in items if item["station"] == one.code])
        for one in stations
    ]
    zones = {one.zone for one in stations}
    return (
        _templates()
        .get_template("boards.html")
        .render(
            **_frame(board, zones.pop() if len(zones) == 1 else "UTC"),
            stations=shown,
            notes=[board.said["stale"]] if data and data["stale"] else [],
            reasons=data["reasons"] if data else [],
        )
    )


@cache
def _templates() -> Environment:
    return template_environment(_HERE, style=_STYLE)


def _frame(board: Board, zone: str) -> Mapping[str, Any]:
    local = board.at.astimezone(ZoneInfo(zone))
    return {
        "locale": board.locale,
        "said": board.said,
        "refresh": REFRESH if board.live else None,
        "redact": board.redact,
        "query": board.query,
        "zone": zone,
        "shown_at": f"{local:%Y-%m-%d %H:%M}",
        "instant": local.isoformat(),
    }


def _notes(board: Board, stands: Standing, login: Login, zone: str) -> Iterator[str]:
    """What whoever looks at the board must know before they trust it."""
    if login.locked_at is not None:
        yield board.said["locked"].format(at=f"{login.locked_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}")
    elif login.next_attempt_at is not None and board.asking.now < login.next_attempt_at:
        yield board.said["paused"].format(at=board.clock(login.next_attempt_at, zone))
    if stands.as_of is None:
        yield board.said["never"]
    elif stands.stale:
        yield board.said["stale"]


def _reasons(stands: Standing, data: Mapping[str, Any] | None) -> Sequence[str]:
    return list(dict.fromkeys([*stands.reasons, *(data["reasons"] if data else ())]))


def _light(board: Board, item: Mapping[str, Any], zone: str) -> Mapping[str, Any]:
    status = item["level"] if item["status"] == "available" else item["status"]
    return {
        "name": item["appliance"],
        "level": item["level"],
        "status": board.said["status"][status],
        "until": board.bounded(item["until"], zone, lower_bound=item["until_is_lower_bound"]),
    }


def _appliance(
    board: Board, item: Mapping[str, Any], names: Mapping[int, str], zone: str
) -> Mapping[str, Any]:
    said, lines = board.said, []
    if item["critical_crew"]:
        lines.append(said["critical"].format(people="; ".join(_named(names, item["critical_crew"]))))
    short = {one["code"]: one["short"] for one in item["requirements"] if one["short"]}
    if short and item["status"] != "available":
        lines.append(_short(board, short))
    if item["discrepancy"]:
        lines.append(said["discrepancy"])
    if item["tier"] is not None and item["tier"] > 1:
        lines.append(said["tier"].format(name=item["tier_name"]))
    if item["status"] in {"off_the_run", "crew_deficient"}:
        again = item["next_operational"]
        known = None if again is None else said["again"].format(at=board.clock(again, zone))
        lines.append(known or said["again_unknown"])
    return {**_light(board, item, zone), "lines": lines}


def _short(board: Board, short: Mapping[str, int]) -> str:
    words = board.said["requirement"]
    return str(
        board.said["short"].format(
            what=", ".join(f"{n} × {words.get(code, code)}" for code, n in short.items())
        )
    )


def _named(names: Mapping[int, str], people: Sequence[int]) -> list[str]:
    return [names.get(one, f"#{one}") for one in people]


def _person(
    board: Board, row: StateRow, names: Mapping[int, str], codes: Mapping[str, str]
) -> Mapping[str, Any]:
    return {
        "name": names[row.id],
        "role": row.role,
        "skills": " ".join(sorted(row.skills)),
        "state": row.state,
        "lines": list(_of_person(board, row, codes)),
    }


def _of_person(board: Board, row: StateRow, codes: Mapping[str, str]) -> Iterator[str]:
    said = board.said
    if row.state == "available":
        yield board.bounded(row.until, row.zone, lower_bound=row.until == row.known_until)
        return
    if row.cause is not None:
        yield said["cause"][row.cause]
    elif row.reason is not None:
        meaning = codes.get(row.reason, row.reason)
        yield said["meaning"].get(meaning, meaning)
    known = row.next_from
    yield said["next_none"] if known is None else said["next"].format(at=board.clock(known, row.zone))


async def _gaps(
    board: Board, station: StationRow, appliances: Sequence[ApplianceRow], names: Mapping[int, str]
) -> Any:
    known = await board.asking.read([station], board.at, board.at + AHEAD)
    made = await asyncio.to_thread(courses, known, appliances)
    for one in appliances:
        for gap in gaps(made[one.id]):
            yield _gap(board, one, gap, names)


def _gap(board: Board, appliance: ApplianceRow, gap: AppGap, names: Mapping[int, str]) -> Mapping[str, Any]:
    zone = appliance.station.zone
    end = board.clock(gap.end, zone)
    whole = _part(board, gap, names, zone)
    # Where one set of people closes all of it, its parts add nothing.
    parts = [] if gap.fixes.sets else [_part(board, part, names, zone) for part in gap.parts]
    return {
        **whole,
        "appliance": appliance.name,
        "when": f"{board.clock(gap.start, zone)} – {'≥ ' if gap.lower_bound else ''}{end}",
        "parts": parts if len(parts) > 1 else [],
    }


def _part(board: Board, part: Part, names: Mapping[int, str], zone: str) -> Mapping[str, Any]:
    said, lines = board.said, []
    short = {code: n for code, n in part.shorts.items() if n}
    if short and part.status != "unknown":
        lines.append(_short(board, short))
    if part.discrepancy and part.fixes.least == 0:
        lines.append(said["discrepancy"])
    ways = [" + ".join(_named(names, some)) for some in part.fixes.sets[:MOST_WAYS] if some]
    if ways:
        closes = said["closes"].format(people=said["or"].join(ways))
        more = part.fixes.count - len(ways)
        lines.append(f"{closes} {said['more'].format(n=more)}" if more > 0 else closes)
    elif part.fixes.least is None and part.status != "unknown":
        lines.append(said["nobody"])
    return {
        "when": f"{board.clock(part.start, zone)} – {board.clock(part.end, zone)}",
        "status": said["status"][part.status],
        "unknown": part.status == "unknown",
        "lines": lines,
    }
