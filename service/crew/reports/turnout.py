"""The report `turnout`: who can turn out at an instant and until when; its page reads well on a phone."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.core.database import ReadConnection
from service.crew.answers.asked import station_of
from service.crew.answers.people import skilled
from service.crew.answers.states import in_order, minutes_left, shown_name, states_of
from service.crew.queries.states import StateRow, Whom
from service.crew.reports.asked import sites, station_scopes, with_station
from service.crew.reports.explain_turnout import VERSION, explain_turnout
from service.reporting.columns import Light
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.turnout import TurnoutExplainParams, TurnoutParams, TurnoutRow

_SAID: Final = {
    "en": {
        "available": "available", "unavailable": "off", "unknown": "not known",
        "until": "until", "at_least": "at least until", "minutes": "min", "next": "next",
        "none": "nothing next is known", "not_fetched": "no grid", "not_listed": "not in the grid",
        "unclassified": "not readable", "after_gap": "not all before it is known", "crew": "Crew",
    },
    "es": {
        "available": "disponible", "unavailable": "no disponible", "unknown": "no se sabe",
        "until": "hasta", "at_least": "al menos hasta", "minutes": "min", "next": "próxima",
        "none": "no se conoce la próxima", "not_fetched": "sin cuadrícula",
        "not_listed": "fuera de la cuadrícula", "unclassified": "ilegible",
        "after_gap": "no se conoce todo lo anterior", "crew": "Dotación",
    },
}  # fmt: skip
_MARKS: Final = {"available": "good", "unavailable": "absent", "unknown": "late"}
_LABELS: Final = {
    "station": "Estación",
    "at": "Momento",
    "known_at": "Según lo conocido",
    "redact": "Sin nombres",
    "crew_id": "Número",
    "name": "Nombre",
    "role": "Rango",
    "skills": "Cualificaciones",
    "state": "Estado",
    "reason": "Motivo",
    "cause": "Por qué no se sabe",
    "since": "Desde",
    "until": "Hasta",
    "until_is_lower_bound": "Quizá más tiempo",
    "minutes_left": "Minutos restantes",
    "next_from": "Próxima disponibilidad",
    "next_after_gap": "Con huecos antes",
    "known_until": "Conocido hasta",
    "available": "Disponibles",
    "unavailable": "No disponibles",
    "unknown": "No se sabe",
    "officers": "Mandos disponibles",
    "drivers": "Conductores disponibles",
}


async def turnout(conn: ReadConnection, params: TurnoutParams, context: BuildContext) -> Built:
    """A row for each person: who is available first, then by rank and name."""
    assert params.station is not None
    at = (params.at or context.now).astimezone(UTC)
    station = await station_of(conn, context.caller, params.station)
    whom = Whom([station.id], known_at=params.known_at)
    found = await states_of(conn, context.settings, [station], whom, at, context.now)
    counts = await skilled(conn, context.settings.crew)
    states = Counter(row.state for row in found.rows)
    able = [row for row in found.rows if row.state == "available"]
    meanings = context.settings.crew.codes
    ends = [row.known_until for row in found.rows]
    through = min((end for end in ends if end is not None), default=None) if all(ends) else None
    return Built(
        rows=[
            _row(row, at, meanings, redact=params.redact)
            for row in in_order(found.rows)
            if params.state in (None, row.state)
        ],
        completeness=found.standing.completeness(f"gartan {station.code}", through),
        timezone=station.zone,
        summary={
            "at": _written(at),
            **{state: states[state] for state in ("available", "unavailable", "unknown")},
            "officers": sum(counts.officer(row.role, row.skills) for row in able),
            "drivers": sum(counts.driver(row.skills) for row in able),
        },
        next_change=found.until if params.at is None else found.standing.until,
    )


def drawn(answer: Mapping[str, Any], locale: str) -> Mapping[str, Any]:
    """A card for each person: name, rank and skills, the state in a word, until when or when next."""
    said, zone = _SAID[locale], ZoneInfo(answer["meta"]["timezone"])
    return {
        "title": said["crew"],
        "people": [
            {
                "name": row["name"],
                "beside": " ".join([row["role"] or "–", *row["skills"]]),
                "light": Light(_MARKS[row["state"]], said[row["state"]]),
                "text": _told(row, said, zone),
            }
            for row in answer["items"]
        ],
    }


def _told(row: Mapping[str, Any], said: Mapping[str, str], zone: ZoneInfo) -> str:
    if row["until"] is not None:
        word = said["at_least" if row["until_is_lower_bound"] else "until"]
        return f"{word} {_clock(row['until'], zone)} · {row['minutes_left']} {said['minutes']}"
    why = row["reason"] or said.get(row["cause"] or "", "")
    if row["next_from"] is None:
        return f"{why} · {said['none']}"
    doubt = f" ({said['after_gap']})" if row["next_after_gap"] else ""
    return f"{why} · {said['next']} {_clock(row['next_from'], zone)}{doubt}"


def _clock(instant: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(zone):%d/%m %H:%M}"


def _row(row: StateRow, at: datetime, meanings: Mapping[str, str], *, redact: bool) -> dict[str, Any]:
    following = row.next_from
    return {
        "crew_id": row.id,
        "name": shown_name(row.id, row.name, redact=redact),
        "role": row.role,
        "skills": sorted(row.skills),
        "state": row.state,
        "reason": None if row.reason is None else meanings.get(row.reason, row.reason),
        "cause": row.cause,
        "since": _written(row.since),
        "until": _written(row.until),
        "until_is_lower_bound": None if row.until is None else row.until == row.known_until,
        "minutes_left": minutes_left(row, at),
        "next_from": _written(following),
        "next_after_gap": None
        if following is None
        else row.known_until is None or row.known_until < following,
        "known_until": _written(row.known_until),
    }


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


TURNOUT: Final[Report[TurnoutParams, TurnoutRow]] = Report(
    name="turnout",
    title="Who can turn out",
    titles={"es": "Quién puede acudir"},
    description="The people of a station at an instant: available and until when, off and why, or not known.",
    params=TurnoutParams,
    row=TurnoutRow,
    build=turnout,
    scope=station_scopes,
    resolve=with_station,
    lifetime=timedelta(minutes=5),
    key=("crew_id",),
    sites=sites,
    explain=explain_turnout,
    explain_params=TurnoutExplainParams,
    explain_example={
        "params": {"station": "P22", "at": "2026-03-05T10:00:00Z", "crew_id": 2, "figure": "minutes_left"},
        "answer": {
            "subject": "minutes_left of BIRCH, KE (P22) at 2026-03-05T10:00:00Z",
            "value": 120,
            "unit": "minutes",
            "rule": "Whole minutes from the instant to `until`.",
            "rule_version": VERSION,
            "inputs": [
                {"name": "instant", "value": "2026-03-05T10:00:00Z"},
                {
                    "name": "2026-03-05T00:00:00Z – 2026-03-05T12:00:00Z",
                    "value": {"state": "available", "reason": None},
                    "link": "/v1/crew/2/segments?from=2026-03-05T00%3A00%3A00Z&to=2026-03-06T00%3A00%3A00Z",
                },
            ],
        },
    },
    page="turnout.html",
    drawn=drawn,
    labels={"es": _LABELS},
    example={
        "params": {"station": "P22", "at": "2026-03-05T10:00:00Z", "redact": False},
        "items": [
            {
                "crew_id": 2,
                "name": "BIRCH, KE",
                "role": "FFC",
                "skills": ["BA", "LGV"],
                "state": "available",
                "reason": None,
                "cause": None,
                "since": "2026-03-05T00:00:00Z",
                "until": "2026-03-05T12:00:00Z",
                "until_is_lower_bound": False,
                "minutes_left": 120,
                "next_from": "2026-03-05T13:00:00Z",
                "next_after_gap": False,
                "known_until": "2026-03-06T00:00:00Z",
            }
        ],
        "summary": {
            "at": "2026-03-05T10:00:00Z",
            "available": 1,
            "unavailable": 0,
            "unknown": 0,
            "officers": 1,
            "drivers": 1,
        },
    },
)
