"""What becomes of a station's appliances over the next days: on the run or not, until when (spec D.6)."""

import asyncio
from datetime import timedelta
from typing import Any

from service.core.database import ReadConnection
from service.crew.answers.appliances import courses
from service.crew.answers.doubts import doubts
from service.crew.reports.appliance_words import LIFETIME, SPANISH, shorts_in_words
from service.crew.reports.explain_status import EXPLAINED, explain_status
from service.crew.reports.station_days import appliances_of, period_of, read_days, resolved, scope_of
from service.crew.reports.tallied import written
from service.crew.rules.course import Course, Run
from service.crew.rules.gaps import most_short
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.appliance_reports import ForecastParams, ForecastRow, StandingParams

SECOND = timedelta(seconds=1)
_STATUSES = ("available", "crew_deficient", "off_the_run", "unknown")


async def forecast(conn: ReadConnection, params: ForecastParams, context: BuildContext) -> Built:
    """A row for each stretch of one status, by appliance and time."""
    read = await read_days(conn, params, context)
    appliances = await appliances_of(conn, read.station, params.appliance)
    made = await asyncio.to_thread(courses, read.known, appliances)
    rows, reasons, rules = [], [], []
    for one in appliances:
        course = made[one.id]
        rows += [_row(one.name, run) for run in course.runs]
        reasons += doubts(read.station, one.name, course.intervals)
        rules += [judge.rule.name for judge in course.judges[:1]]
    version = (await read.asking.versions([read.station]))[read.station.code]
    return read.built(
        rows,
        list(dict.fromkeys(reasons)) or _nobody(appliances),
        version,
        rules_version=", ".join(dict.fromkeys(rules)) or None,
        summary=_summary(list(made.values())),
    )


def _nobody(appliances: Any) -> list[str]:
    return [] if appliances else ["no grid has told of any appliance of the station"]


def _row(name: str, run: Run) -> dict[str, Any]:
    levels = [one.level for one in run.intervals]
    return {
        "appliance": name,
        "since": written(run.start),
        "until": written(run.end),
        "duration_seconds": (run.end - run.start) // SECOND,
        "status": run.status,
        "level": "amber" if "amber" in levels else levels[0],
        "crew": min(len(one.crew) for one in run.intervals),
        "short": shorts_in_words(most_short(run.intervals)),
        "until_is_lower_bound": run.lower_bound,
        "complete": all(one.complete for one in run.intervals),
    }


def _summary(made: list[Course]) -> dict[str, Any]:
    spent = dict.fromkeys(_STATUSES, timedelta())
    for course in made:
        for run in course.runs:
            spent[run.status] += run.end - run.start
    return {f"{status}_seconds": length // SECOND for status, length in spent.items()}


FORECAST: Report[ForecastParams, ForecastRow] = Report(
    name="forecast",
    title="Appliances ahead",
    titles={"es": "Previsión de vehículos"},
    description="When each appliance is on the run, short of crew or off the run, and until when.",
    params=ForecastParams,
    row=ForecastRow,
    build=forecast,
    scope=scope_of,
    resolve=resolved,
    sites=lambda params, caller: caller.sites_for(params.station),
    key=("appliance", "since"),
    period=period_of,
    explain=explain_status,
    explain_params=StandingParams,
    explain_example=EXPLAINED,
    labels={"es": SPANISH},
    example={
        "params": {"station": "P22", "from": "2026-03-05", "to": "2026-03-05"},
        "items": [
            {
                "appliance": "P22P6",
                "since": "2026-03-05T00:00:00Z",
                "until": "2026-03-05T06:00:00Z",
                "duration_seconds": 21_600,
                "status": "crew_deficient",
                "level": "red",
                "crew": 3,
                "short": "total_crew 1, ba_non_officer 1",
                "until_is_lower_bound": False,
                "complete": True,
            }
        ],
        "summary": {
            "available_seconds": 32_400,
            "crew_deficient_seconds": 25_200,
            "off_the_run_seconds": 28_800,
            "unknown_seconds": 0,
        },
    },
    lifetime=LIFETIME,
)
