"""What holds for every report that reads the day table: examples, rows, visibility, statements, indexes."""

from datetime import UTC, date, datetime, time
from typing import Any, cast

import pytest
from sqlalchemy import text

from service.attendance.reports import REPORTS
from service.attendance.reports.holiday_work import HOLIDAY_WORK
from service.attendance.reports.late_early import LATE_EARLY
from service.attendance.reports.leave_usage import LEAVE_USAGE
from service.attendance.reports.overtime import OVERTIME
from service.attendance.reports.shift_attendance import SHIFT_ATTENDANCE
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.settings import Settings
from service.reporting.openapi import example_answer
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation, ReportAnswer
from tests.attendance.make import Firm
from tests.attendance.plans import INDEXES, assert_by_index, captured, explained
from tests.support.statements import counted_statements

DAY_REPORTS: list[Report[Any, Any]] = [SHIFT_ATTENDANCE, LATE_EARLY, OVERTIME, HOLIDAY_WORK, LEAVE_USAGE]
MONTH = {"from": "2026-09-01", "to": "2026-09-20"}
EVENTFUL = {
    "status": "LATE_FORGIVEN",
    "punch_count": 2,
    "punches": [1, 2],
    "first_in": datetime.combine(date(2026, 9, 16), time(8, 30)),
    "last_out": datetime.combine(date(2026, 9, 16), time(16)),
    "hours_hundredths": 750,
    "worked_seconds": 27_000,
    "overtime_seconds": 600,
    "late": True,
    "late_seconds": 1800,
    "late_minutes": 30,
    "late_forgiven": True,
    "early": True,
    "early_seconds": 3600,
    "early_minutes": 60,
    "leave_hundredths": 50,
}


async def eventful_day(made: Firm, person: str, number: int) -> None:
    """A day that every report has something to say about."""
    holiday = await made.conn.scalar(text("SELECT min(id) FROM attendance.holiday"))
    await made.day(
        person,
        date(2026, 9, number),
        holiday_id=holiday,
        leave_type_id=made.ids["Casual Leave"],
        **EVENTFUL,
    )


async def built(made: Firm, report: Report[Any, Any], *sites: str, **asked: Any) -> Built:
    """A report as somebody who sees everything, or these sites, gets it."""
    limited = frozenset(sites) if sites else None
    caller = Caller(id="key:1", name="k", kind="key", scopes=frozenset({"attendance:read"}), sites=limited)
    settings = Settings.model_validate({"secret_keys": ["k" * 32]})
    context = BuildContext(now=datetime(2026, 10, 2, tzinfo=UTC), caller=caller, settings=settings)
    params = report.params.model_validate(MONTH | asked)
    resolved = report.resolve(params, context) if report.resolve else params
    return cast(Built, await report.build(cast(ReadConnection, made.conn), resolved, context))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_q57_the_examples_of_every_report_validate(report: Report[Any, Any]) -> None:
    ReportAnswer[report.row].model_validate(example_answer(report))  # type: ignore[name-defined]
    params = report.params.model_validate(report.example["params"])
    assert report.scope(params)
    if report.explain_params is not None:
        assert report.explain_example is not None
        report.explain_params.model_validate(report.explain_example["params"])
        Explanation.model_validate(report.explain_example["answer"])


@pytest.mark.parametrize("report", DAY_REPORTS, ids=lambda report: report.name)
async def test_rows_are_what_the_schema_says_and_only_of_visible_people(
    made: Firm, report: Report[Any, Any]
) -> None:
    for person in ("HR-EMP-00001", "HR-EMP-00003", "HR-EMP-00004"):
        await eventful_day(made, person, 16)
    rows = (await built(made, report)).rows
    assert [row["person"] for row in rows] == ["HR-EMP-00001", "HR-EMP-00003", "HR-EMP-00004"]
    for row in rows:
        report.row.model_validate(dict(row))
        assert set(row) == set(report.row.model_fields)
    assert [row["person"] for row in (await built(made, report, "Villas")).rows] == ["HR-EMP-00001"]
    assert [row["site"] for row in (await built(made, report, site="Centro")).rows] == ["Centro"]


@pytest.mark.parametrize("report", DAY_REPORTS, ids=lambda report: report.name)
async def test_q33_the_number_of_statements_does_not_grow_with_the_rows(
    made: Firm, report: Report[Any, Any]
) -> None:
    sent = []
    for more in (1, 10, 30):
        for number in range(more):
            name = f"{more}-{number}"
            await made.person(name, name, "Villas")
            await eventful_day(made, name, 16)
        with counted_statements(made.conn) as seen:
            rows = (await built(made, report)).rows
        assert len(rows) >= more
        sent.append(len(seen))
    assert len(set(sent)) == 1, sent


@pytest.mark.parametrize("report", DAY_REPORTS, ids=lambda report: report.name)
async def test_q33_days_come_by_a_composite_index(many: Firm, report: Report[Any, Any]) -> None:
    few = {"month": None, "from": "2026-09-14", "to": "2026-09-16"}  # of 83 dates: a scan would be dearer
    with captured(many.conn) as seen:
        await built(many, report, **few)
    reads = [(sent, values) for sent, values in seen if "attendance.day" in sent and "ORDER BY" in sent]
    assert len(reads) == 1
    assert_by_index(await explained(many.conn, *reads[0]), "day", INDEXES)
