"""Why an appliance has its status at an instant: the flag, the rule and everybody of the station (spec D.6).

Whoever has the explanation alone can judge again: each person's role, skills and state, each requirement.
"""

from typing import Any, Final

from service.core.database import ReadConnection
from service.crew.answers.appliance_answers import AHEAD, Asking
from service.crew.answers.appliances import Known
from service.crew.answers.asked import station_of
from service.crew.queries.appliances import ApplianceRow
from service.crew.queries.stations import StationRow
from service.crew.reports.station_days import appliances_of
from service.crew.reports.told_gaps import told
from service.crew.rules.course import Course, Interval
from service.crew.rules.gaps import gaps
from service.crew.rules.judging import Judge
from service.crew.rules.sweep import Slice
from service.reporting.report import BuildContext
from service.schemas.crew.appliance_reports import StandingParams
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep, Gap

RULE: Final = (
    "Unknown where no grid covers the instant or the grid does not say whether the appliance is on the run; "
    "off the run where the grid says so; else available where every requirement has at least as many of "
    "those who are available as it asks for, and crew deficient where one has not."
)


async def explain_status(conn: ReadConnection, params: StandingParams, context: BuildContext) -> Explanation:
    """Why an appliance has its status at an instant."""
    asking = Asking(conn, context.settings, context.now, params.known_at)
    station = await station_of(conn, context.caller, params.station)
    [appliance] = await appliances_of(conn, station, params.appliance)
    known = await asking.read([station], params.since, params.since + AHEAD)
    known = known.shown_as(redact=params.redact)
    swept = known.slices_of(station)
    course = known.course_of(appliance.id, swept)
    one = course.intervals[0]
    judge = course.judges[0] if course.judges else None
    return Explanation(
        subject=f"{appliance.name} ({station.code}) at {params.since.isoformat()}",
        value=one.status,
        rule=RULE,
        rule_version="no rule" if judge is None else judge.rule.name,
        threshold=None if judge is None else _rule(judge),
        inputs=[
            ExplanationInput(name="the grid covers the instant", value=one.covered),
            ExplanationInput(name="flag in the grid", value=one.flag),
            *person_inputs(known, station, swept[0]),
        ],
        steps=_steps(judge, one),
        gaps=_gaps(course, appliance, known),
    )


def person_inputs(known: Known, station: StationRow, now: Slice) -> list[ExplanationInput]:
    """Everybody of a station with role, skills and state."""
    return [
        ExplanationInput(
            name=one.name,
            value={
                "crew_id": one.id,
                "role": one.role,
                "skills": sorted(known.people[one.id].skills),
                "state": _state(one.id, now),
            },
            link=f"/v1/crew/{one.id}",
        )
        for one in known.members_of(station)
        if one.active or one.id in now.crew
    ]


def _state(id_: int, now: Slice) -> str:
    if id_ in now.crew:
        return "available"
    return "unavailable" if id_ in now.off else "unknown"


def _rule(judge: Judge) -> dict[str, Any]:
    return {
        "mode": judge.rule.mode,
        "requirements": [one.as_json() for one in judge.rule.requirements],
    }


def _steps(judge: Judge | None, one: Interval) -> list[ExplanationStep]:
    if judge is None or one.result is None or not one.covered:
        return []
    return [
        ExplanationStep(
            rule=f"at least {met.required} match {met.code}",
            figure=met.code,
            source="crewing rule",
            threshold=met.required,
            outcome="met" if not met.short else f"{met.short} short",
            value=met.have,
            unit="people",
        )
        for met in one.result.met
    ]


def _gaps(course: Course, appliance: ApplianceRow, known: Known) -> list[Gap]:
    """The gap that the instant lies in, from then on."""
    names = {one.id: one.name for one in known.members}
    found = [gap for gap in gaps(course) if gap.start == course.window[0]]
    return [told(gap, appliance, names) for gap in found]


EXPLAINED: Final[dict[str, Any]] = {
    "params": {"station": "P22", "appliance": "P22P6", "since": "2026-03-05T05:00:00Z"},
    "answer": {
        "subject": "P22P6 (P22) at 2026-03-05T05:00:00+00:00",
        "value": "crew_deficient",
        "rule": RULE,
        "rule_version": "p22p6",
        "threshold": {
            "mode": "overlap",
            "requirements": [{"code": "driver", "min_count": 1, "skills_any": ["LGV", "ERD"]}],
        },
        "inputs": [
            {"name": "the grid covers the instant", "value": True},
            {"name": "flag in the grid", "value": "available"},
            {
                "name": "CEDAR, LU",
                "value": {"crew_id": 3, "role": "FFD", "skills": ["BA"], "state": "available"},
            },
        ],
        "steps": [
            {
                "rule": "at least 1 match driver",
                "figure": "driver",
                "threshold": 1,
                "outcome": "1 short",
                "value": 0,
                "unit": "people",
            }
        ],
    },
}
