"""Q57: every operation of the real application, called through the client over a real database."""

import hmac
import inspect
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, get_type_hints

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from service.attendance.models import RuleSet
from service.attendance.rules.ruleset import BUILT_IN
from service.client import (
    Conflict,
    IncompleteData,
    Invalid,
    MusterClient,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    to_dataframe,
)
from service.client._options import CallOptions
from service.reporting.clientcode._operations import by_desk, method_name
from service.schemas.access import KeyAsk
from service.schemas.attendance import RecomputeParams
from service.schemas.attendance.decisions import (
    CorrectionAsk,
    CorrectionsAsk,
    DeviceSiteAsk,
    RevokeAsk,
    ScheduleAsk,
    ScheduleEndAsk,
)
from service.schemas.attendance.rule_sets import RuleSetAsk, RuleSetStateAsk
from service.schemas.envelope import Run, RunAsk
from service.schemas.exports import ExportAsk
from service.schemas.monitoring.alerts import AlertAsk, AlertSourceAsk, SilenceAsk
from service.schemas.monitoring.flags import FlagAsk
from service.schemas.monitoring.logs import LevelAsk
from service.schemas.monitoring.memory import AllocationAsk
from service.schemas.monitoring.performance import BaselineAsk
from service.schemas.statements import StatementAsk, WithdrawAsk
from service.schemas.subscriptions import SubscriptionAsk
from tests.attendance.house import HOOK_SECRET, open_house

ADDRESS = "http://muster.test"


class Service:
    """The application, and a key that may do anything."""

    def __init__(self, app: FastAPI, key: str) -> None:
        self.app = app
        self.key = key

    def client(self, key: str | None = None, **settings: Any) -> MusterClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return MusterClient(ADDRESS, key or self.key, transport=transport, retries=0, **settings)


@pytest.fixture
async def service(database_url: str) -> AsyncIterator[Service]:
    """The firm of the attendance tests, with a working week of one person."""
    async with open_house(database_url) as house:
        async with house.writing() as firm:
            rules = update(RuleSet).values(parameters=BUILT_IN["recommended"].to_json())
            await firm.conn.execute(rules.where(RuleSet.name == "recommended"))
            for day in range(14, 19):
                await firm.day("HR-EMP-00001", date(2026, 9, day))
                await firm.punch("HR-EMP-00001", f"2026-09-{day} 07:58", "villas-gate-1")
            await firm.known_through(datetime(2026, 9, 19, tzinfo=UTC))
            await firm.announce()
        yield Service(house.app, await house.token("admin"))


SEEN = CorrectionAsk(
    person="HR-EMP-00001", day=date(2026, 9, 14), kind="dismissal", incident="SKIPPED", reason="seen"
)
MONDAY = ScheduleAsk(person="HR-EMP-00001", shift_type="Day", weekdays=[1], valid_from=date(2026, 9, 1))
SHEET = StatementAsk(report="monthly-sheet", params={"month": "2026-09"}, accept_incomplete=True)
MONTHLY = SubscriptionAsk(
    report="monthly-sheet", format="csv", cron="0 7 1 * *", timezone="UTC", channel="email", target="a@b.example"
)  # fmt: skip
LATE = AlertAsk(
    name="slow", source=AlertSourceAsk(kind="figure", figure="p95_ms"), threshold=1e6, enabled=False
)
TRIAL = {"name": "strict", "based_on": "recommended", "reason": "a trial"}
ARGUMENTS: dict[Any, Any] = {
    SubscriptionAsk: MONTHLY,
    StatementAsk: SHEET,
    WithdrawAsk: WithdrawAsk(reason="only a test"),
    "report": "monthly-sheet",
    "person": "HR-EMP-00001",
    "day": "2026-09-14",
    "x_frappe_webhook_signature": b64encode(hmac.digest(HOOK_SECRET.encode(), b"{}", "sha256")).decode(),
    RecomputeParams: RecomputeParams(),
    CorrectionsAsk: CorrectionsAsk(items=[SEEN]),
    RevokeAsk: RevokeAsk(reason="not seen"),
    ScheduleAsk: MONDAY.model_copy(update={"weekdays": [2]}),
    ScheduleEndAsk: ScheduleEndAsk(valid_to=date(2026, 9, 30)),
    "name": "strict",
    "version": 1,
    "candidate": "original",
    "first_day": "2026-09-14",
    "figure": "worked_seconds",
    "leave_type": "Casual Leave",
    RuleSetAsk: RuleSetAsk.model_validate(TRIAL | {"parameters": {"clock": "wall"}}),
    RuleSetStateAsk: RuleSetStateAsk(active=False),
    DeviceSiteAsk: DeviceSiteAsk(device="villas-gate-1", site="Villas"),
    RunAsk: RunAsk(job="attendance.recompute"),
    ExportAsk: ExportAsk(format="csv"),
    bytes: b"{}",
    AlertAsk: LATE,
    SilenceAsk: SilenceAsk(until=None),
    BaselineAsk: BaselineAsk(name="another release"),
    FlagAsk: FlagAsk(share=100, reason="only a test"),
    LevelAsk: LevelAsk(level=None),
    AllocationAsk: AllocationAsk(action="stop"),
    "logger": "service.access",
}
"""A value for each required argument of any operation, by its name or its type: what asks for nothing."""


async def things(service: Service, muster: MusterClient) -> dict[str, Any]:
    """One thing of every kind that an operation may name, made here, by the argument that names it."""
    exported = {"report": "monthly-sheet", "format": "xlsx"}
    run = await service.app.state.runtime.tasks.run_now("attendance.export", exported, "system")
    corrected = await muster.attendance.correct(CorrectionsAsk(items=[SEEN]))
    assert corrected.items[0].correction is not None
    scheduled = await muster.attendance.add_schedule(MONDAY)
    await muster.attendance.add_rule_set(RuleSetAsk.model_validate(TRIAL | {"parameters": {}}))
    rules = [await muster.alerts.create(LATE.model_copy(update={"name": name})) for name in ("made", "gone")]
    baselines = [await muster.monitoring.keep_baseline(BaselineAsk(name=name)) for name in ("made", "gone")]
    planned = (await muster.monitoring.statements()).items
    return {
        "rule_id": rules[0].id,
        "alerts.delete": {"rule_id": rules[1].id},
        "baseline_id": baselines[0].id,
        "monitoring.delete_baseline": {"baseline_id": baselines[1].id},
        "fingerprint": next(one.fingerprint for one in planned if one.explainable),
        "statement_id": (await muster.attendance.seal(SHEET)).id,
        "subscription_id": (await muster.attendance.subscribe(MONTHLY)).id,
        "attendance.unsubscribe": {"subscription_id": (await muster.attendance.subscribe(MONTHLY)).id},
        "run_id": str(run.id),
        "correction_id": corrected.items[0].correction.id,
        "schedule_id": scheduled.items[0].id,
    }


OF_THEIR_OWN: dict[str, dict[Any, Any]] = {
    "alerts.update": {"if_match": "1", AlertAsk: LATE.model_copy(update={"name": "made"})},
    "monitoring.profile": {"seconds": 1},
    "monitoring.set_flag": {"name": "warming"},
    "monitoring.reset_flag": {"name": "warming"},
    "attendance.leave_usage_explain": {"figure": "days"},
    "attendance.summary_explain": {"figure": "attendance_rate"},
    "attendance.import_file": {bytes: b"employee,time\nHR-EMP-00001,2026-09-14 08:00:00\n"},
}
"""Arguments of one operation only."""
NOTHING_THERE = {
    "attendance.import_findings",
    "attendance.absences_explain",
    "attendance.headcount_explain",
    "attendance.leave_usage_explain",
}
"""No import has ended here, as nothing is carried out; nobody was absent, and nobody is in."""


def call(method: Callable[..., Any], values: dict[Any, Any], own: dict[Any, Any]) -> Any:
    """The operation with its required arguments, and what is its `own`; to be awaited."""
    hints = get_type_hints(method)
    every = inspect.signature(method).parameters.values()
    required = [one for one in every if one.default is one.empty or one.name in own]
    given = {one.name: values[hints[one.name] if one.name == "body" else one.name] for one in required}
    return method(**given)


async def alone(
    muster: MusterClient, method: Callable[..., Any], values: dict[Any, Any], own: dict[Any, Any]
) -> Any:
    """The operation, once a recompute that a write asked for is out of its way."""
    for _ in range(9):
        try:
            return await call(method, values, own)
        except Conflict as conflict:
            (run,) = re.findall(r"run ([0-9a-f-]{36}) of attendance.recompute", str(conflict))
            await muster.runs.cancel(run)
    return await call(method, values, own)


async def test_q57_every_operation_answers_what_the_client_promises(service: Service) -> None:
    answered: dict[str, Any] = {}
    async with service.client() as muster:
        values = ARGUMENTS | await things(service, muster)
        for desk, specs in by_desk(service.app.openapi()).items():
            # People and children are called by somebody who is one: test_people_and_children.py; the crew
            # and mill desks have houses of their own: test_crew.py, test_mill.py.
            for _, _, spec in specs if desk not in {"access", "children", "crew", "mill"} else ():
                name = f"{desk}.{method_name(desk, spec)}"
                own = OF_THEIR_OWN.get(name, {}) | values.get(name, {})
                try:
                    answer = answered[name] = await alone(muster, attrgetter(name)(muster), values | own, own)
                except NotFound:
                    assert name in NOTHING_THERE
                    answer = answered[name] = None
                if isinstance(answer, Run) and answer.state == "queued" and answer.id != values["run_id"]:
                    await muster.runs.cancel(answer.id)  # a job runs once at a time
    assert len(answered) >= 29
    assert {name for name, answer in answered.items() if answer is None} == NOTHING_THERE


async def test_reports_lists_and_explanations(service: Service, tmp_path: Path) -> None:
    week = {"from_": "2026-09-14", "to": "2026-09-18"}
    async with service.client() as muster:
        sheet = await muster.attendance.monthly_sheet(**week, site="Villas")
        ana = next(row for row in sheet.items if row.person == "HR-EMP-00001")
        assert set((ana.days or {}).values()) == {"P"}
        assert len(to_dataframe(sheet)) == len(sheet.items)
        path = await muster.attendance.monthly_sheet(**week).download(tmp_path / "sheet.csv")
        assert "HR-EMP-00001" in path.read_text()
        days = [day.work_date async for day in muster.attendance.days(**week, person="HR-EMP-00001", limit=2)]
        assert days == [date(2026, 9, day) for day in range(14, 19)]
        punches = [one async for one in muster.attendance.checkins(**week, device_like="%villas%", limit=2)]
        assert len(punches) == 5
        why = await muster.attendance.monthly_sheet_explain(person="HR-EMP-00001", day=date(2026, 9, 14))
        assert why.value
        october = muster.attendance.monthly_sheet(month="2026-10", options=CallOptions(require_complete=True))
        with pytest.raises(IncompleteData):
            await october


async def test_refusals_of_the_service_are_errors_of_the_client(service: Service) -> None:
    async with service.client() as muster:
        narrow = await muster.access.create_key(KeyAsk(name="reader", scopes=["attendance:read"]))
        with pytest.raises(Invalid) as invalid:
            await muster.attendance.monthly_sheet(month="October")
        assert invalid.value.problem is not None
        assert [field.pointer for field in invalid.value.problem.errors] == ["/query/month"]
        assert invalid.value.request_id
        with pytest.raises(NotFound):
            await muster.attendance.person("nobody")
        with pytest.raises(Invalid):
            await muster.attendance.days(from_="2026-10-01", to="2026-10-02", cursor="forged")
    async with service.client(narrow.token) as reader:
        assert (await reader.access.me()).name == "reader"
        with pytest.raises(NotAllowed):
            await reader.access.keys()
    async with service.client("mst_12345678_" + "x" * 43) as stranger:
        with pytest.raises(NotAuthenticated):
            await stranger.attendance.people()


async def test_what_did_not_change_is_not_sent_again(service: Service) -> None:
    async with service.client() as muster:
        path = "/v1/attendance/reports/monthly-sheet?month=2026-09"
        first = await muster.request("GET", path)
        again = await muster.request("GET", path)
    assert first.body == again.body
    assert again.headers["etag"] == first.headers["etag"]


async def test_a_repeated_post_has_one_effect(service: Service) -> None:
    async with service.client() as muster:
        once = CallOptions(idempotency_key="once")
        first = await muster.access.create_key(KeyAsk(name="one", scopes=["attendance:read"]), options=once)
        again = await muster.access.create_key(KeyAsk(name="one", scopes=["attendance:read"]), options=once)
        assert first == again
        assert len((await muster.access.keys()).items) == 2


async def test_a_statement_is_sealed_walked_and_written_through_the_client(
    service: Service, tmp_path: Path
) -> None:
    async with service.client() as muster:
        asked = StatementAsk(report="exceptions", params={"month": "2026-09"}, accept_incomplete=True)
        made = await muster.attendance.seal(asked)
        assert [one.id async for one in muster.statements.list(report="exceptions")] == [made.id]
        whole = await muster.statements.get(made.id)
        assert (whole.sha256, len(whole.items)) == (made.sha256, made.row_count)
        assert (await muster.statements.verify(made.id)).intact
        assert [change async for change in muster.statements.changes(made.id)] == []
        path = f"/v1/statements/{made.id}/file"
        written = await muster.download(path, tmp_path / "sealed.csv", format="csv")
        assert written.read_text().startswith("Kind,")
        gone = await muster.statements.withdraw(made.id, WithdrawAsk(reason="sealed too early"))
        assert gone.withdrawn is not None
