"""The report `fairness`: each person's share of hours, nights and weekends (issue 6.4)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from service.core.database import ReadConnection
from service.crew.queries.stations import StationRow
from service.crew.reports.asked import sites
from service.crew.reports.causes import causes_of_rows
from service.crew.reports.frame import Frame, framed, period_of, resolved, scopes_of
from service.crew.reports.people_time import PersonTime, inputs, named, times_of
from service.crew.reports.tallied import percent
from service.crew.reports.words import LABELS
from service.crew.rules.calendar import nights, weekends
from service.crew.rules.slots import Stretch
from service.crew.rules.spans import intersection
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.reports import FairnessFigureParams, FairnessParams, FairnessRow
from service.schemas.envelope import Explanation, ExplanationInput

_RULES: Final[Mapping[str, str]] = {
    "available_seconds": "Time in which the grid has the person available.",
    "contract_seconds": "contract_hours × 3600 × days / 7, to the second, half up",
    "contract_percent": "100 × available_seconds / contract_seconds",
    "night_seconds": "Time available between 22:00 and 06:00, local.",
    "weekend_seconds": "Time available on Saturdays and Sundays, local.",
    "available_share": "100 × available_seconds / station_seconds",
    "night_share": "100 × night_seconds / station_seconds",
    "weekend_share": "100 × weekend_seconds / station_seconds",
    "mean_percent": "100 × available_seconds × people / station_seconds",
}
_SHARES: Final = {
    "available_share": "available_seconds",
    "night_share": "night_seconds",
    "weekend_share": "weekend_seconds",
    "mean_percent": "available_seconds",
}


@dataclass(frozen=True)
class Shares:
    """Everybody's time at a station, and when nights and weekends are."""

    people: Sequence[PersonTime]
    nights: Sequence[Stretch]
    weekends: Sequence[Stretch]

    def seconds(self, figure: str, one: PersonTime) -> int:
        """A person's time: available, at night, on weekends."""
        if figure == "available_seconds":
            return one.available_seconds
        return one.within(self.nights if figure == "night_seconds" else self.weekends)

    @property
    def known(self) -> int:
        """How many people anything is known of: who is not known has no share, and lowers no mean."""
        return sum(bool(one.known) for one in self.people)

    def total(self, figure: str) -> int:
        """Everybody's together."""
        return sum(self.seconds(figure, one) for one in self.people)


async def fairness(conn: ReadConnection, params: FairnessParams, context: BuildContext) -> Built:
    """A row for each person, by station and name."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_built, frame, context)


def _built(frame: Frame, context: BuildContext) -> Built:
    rows = [row for station in frame.stations for row in _rows(frame, station)]
    return Built(
        rows=rows,
        completeness=frame.completeness(),
        timezone=frame.zone,
        rules_version=frame.rules_version,
        summary={
            "people": len(rows),
            **{name: sum(row[name] for row in rows) for name in dict.fromkeys(_SHARES.values())},
        },
        next_change=frame.next_change(context.now),
    )


def _shares(frame: Frame, station: StationRow) -> Shares:
    days = frame.first, frame.last, station.zone
    return Shares(times_of(frame, station), nights(*days), weekends(*days))


def _rows(frame: Frame, station: StationRow) -> list[dict[str, Any]]:
    shares = _shares(frame, station)
    totals = {name: shares.total(name) for name in dict.fromkeys(_SHARES.values())}
    return [_row(station, one, shares, totals) for one in shares.people]


def _row(station: StationRow, one: PersonTime, shares: Shares, totals: Mapping[str, int]) -> dict[str, Any]:
    own = {name: shares.seconds(name, one) for name in totals}
    contract = one.contract_seconds
    return {
        "station": station.code,
        "crew_id": one.member.id,
        "name": one.member.name,
        "role": one.member.role,
        **own,
        "contract_seconds": contract,
        **dict.fromkeys((*_SHARES, "contract_percent")),
        **(_percents(own, totals, shares.known, contract) if one.known else {}),
        "people": shares.known,
        "known_percent": percent(one.known_seconds, one.period_seconds),
    }


def _percents(
    own: Mapping[str, int], totals: Mapping[str, int], people: int, contract: int | None
) -> dict[str, Decimal | None]:
    available = own["available_seconds"]
    shares = {share: percent(own[of], totals[of]) for share, of in _SHARES.items() if share != "mean_percent"}
    return {
        **shares,
        "contract_percent": None if contract is None else percent(available, contract),
        "mean_percent": percent(available * people, totals["available_seconds"]),
    }


async def explain_fairness(
    conn: ReadConnection, params: FairnessFigureParams, context: BuildContext
) -> Explanation:
    """The stretches of a time, or what a share is taken of."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_explained, frame, params)


def _explained(frame: Frame, params: FairnessFigureParams) -> Explanation:
    [station] = frame.stations
    shares = _shares(frame, station)
    one = named(frame, station, params.crew_id)
    row = next(row for row in _rows(frame, station) if row["crew_id"] == params.crew_id)
    return Explanation(
        subject=f"{one.member.name} ({station.code}), {frame.first} – {frame.last}",
        value=row[params.figure],
        unit="seconds" if params.figure.endswith("_seconds") else "%",
        rule=_RULES[params.figure],
        rule_version=frame.rules_version,
        inputs=_inputs(params.figure, one, row, shares),
    )


def _inputs(figure: str, one: PersonTime, row: Mapping[str, Any], shares: Shares) -> list[ExplanationInput]:
    if figure == "contract_seconds":
        return contract_inputs(one)
    if figure == "contract_percent":
        return [_seconds(name, row[name]) for name in ("available_seconds", "contract_seconds")]
    if figure in _SHARES:
        of = _SHARES[figure]
        found = [_seconds(of, row[of]), _seconds("station_seconds", shares.total(of))]
        people = ExplanationInput(name="people", value=row["people"], unit="people")
        return [*found, people] if figure == "mean_percent" else found
    if figure == "available_seconds":
        return inputs(one.available)
    within = shares.nights if figure == "night_seconds" else shares.weekends
    return inputs(intersection(one.available, within))


def contract_inputs(one: PersonTime) -> list[ExplanationInput]:
    """The weekly contract and the days that it is taken for."""
    return [
        ExplanationInput(name="contract_hours", value=one.member.contract_hours, unit="h a week"),
        ExplanationInput(name="days", value=one.days, unit="days"),
    ]


def _seconds(name: str, value: int | None) -> ExplanationInput:
    return ExplanationInput(name=name, value=value, unit="seconds")


FAIRNESS: Final[Report[FairnessParams, FairnessRow]] = Report(
    name="fairness",
    title="Shares of hours, nights and weekends",
    titles={"es": "Reparto de horas, noches y fines de semana"},
    description="Each person's availability against their contract and the station's mean, and their "
    "share of nights and weekends, with how many people it is of and how much is known.",
    params=FairnessParams,
    row=FairnessRow,
    build=fairness,
    scope=scopes_of,
    resolve=resolved,
    lifetime=timedelta(minutes=15),
    key=("station", "crew_id"),
    period=period_of,
    sites=sites,
    causes=causes_of_rows,
    explain=explain_fairness,
    explain_params=FairnessFigureParams,
    explain_example={
        "params": {
            "station": "P22", "from": "2026-03-05", "to": "2026-03-05", "crew_id": 5,
            "figure": "available_share",
        },
        "answer": {
            "subject": "ELDER, SA (P22), 2026-03-05 – 2026-03-05",
            "value": "10.39",
            "unit": "%",
            "rule": _RULES["available_share"],
            "rule_version": "crew-turnout/1 p22p6 0f3a9c1d",
            "inputs": [
                {"name": "available_seconds", "value": 28800, "unit": "seconds"},
                {"name": "station_seconds", "value": 277200, "unit": "seconds"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"station": "P22", "from": "2026-03-05", "to": "2026-03-05"},
        "items": [
            {
                "station": "P22",
                "crew_id": 5,
                "name": "ELDER, SA",
                "role": "FFD",
                "available_seconds": 28800,
                "contract_seconds": 28800,
                "contract_percent": "100.00",
                "night_seconds": 0,
                "weekend_seconds": 0,
                "available_share": "10.39",
                "night_share": "0.00",
                "weekend_share": None,
                "mean_percent": "51.95",
                "people": 5,
                "known_percent": "100.00",
            }
        ],
        "summary": {
            "people": 5, "available_seconds": 277200, "night_seconds": 93600, "weekend_seconds": 0,
        },
    },
)  # fmt: skip
