"""Q5, Q7 (pure part) and what happens at the edges of knowing: pending days, watermarks, explanations."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.rules.codes import PendingReason
from service.attendance.rules.columns import Table
from service.attendance.rules.explain import explain_day, figures_from
from service.attendance.rules.explain.figures import FIGURES
from service.attendance.rules.inputs import Inputs, People, Punches
from service.attendance.rules.ruleset import FRAPPE_HR, RECOMMENDED, RuleSet
from tests.attendance.rules.scene import Row, Scene, hours, nights, office
from tests.attendance.rules.strategies import Case, cases
from tests.attendance.rules.test_invariants import thorough


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2024, 2, 16), date(2024, 2, 29), 14),
        (date(2025, 2, 16), date(2025, 2, 28), 13),
        (date(2025, 4, 16), date(2025, 4, 30), 15),
        (date(2025, 7, 16), date(2025, 7, 31), 16),
        (date(2026, 12, 28), date(2027, 1, 3), 7),
        (date(2024, 1, 1), date(2024, 12, 31), 366),
    ],
)
def test_q5_every_calendar_day_is_there_once(first: date, last: date, count: int) -> None:
    """Half-months of 13 to 16 days, ISO week 53 of 2026, a leap year."""
    days = office().days(str(first), str(last))
    assert days.work_date.tolist() == [first + timedelta(days=offset) for offset in range(count)]


@pytest.mark.parametrize("night", ["2024-02-28", "2024-02-29", "2025-02-28", "2025-12-31", "2026-12-31"])
def test_q5_nights_into_the_next_month_and_year(night: str) -> None:
    scene = Scene()
    scene.shift("22:00", "6:00")
    scene.person()
    scene.assign(1, 1, night)
    morning = str(date.fromisoformat(night) + timedelta(days=1))
    scene.punch(1, f"{night} 22:00", f"{morning} 06:00")
    assert scene.day(night).worked_seconds == hours("08:00")
    assert scene.day(morning).status == "REST"


@pytest.mark.parametrize(
    ("now", "watermark", "reason"),
    [
        ("2025-07-03 23:00", "2025-07-03 23:00", PendingReason.WINDOW_OPEN),
        ("2025-07-04 02:59:59", "2025-07-04 02:59:59", PendingReason.WINDOW_OPEN),
        ("2025-07-04 09:00", "2025-07-04 02:59:59", PendingReason.AWAITING_CHECKINS),
        ("2025-07-02 09:00", "2025-07-02 09:00", PendingReason.FUTURE),
        ("2025-07-04 03:00:00", "2025-07-04 03:00:00", PendingReason.NONE),
    ],
)
def test_a_day_is_pending_until_its_window_closed_and_check_ins_are_complete(
    now: str, watermark: str, reason: PendingReason
) -> None:
    scene = nights()
    scene.punch(1, "2025-07-03 18:00")
    row = scene.day("2025-07-03", now=now, watermark=watermark)
    assert row.pending_reason == reason
    assert (row.status == "PENDING") == (reason != PendingReason.NONE)
    assert row.punches == [1]


def test_without_a_watermark_nothing_is_decided() -> None:
    scene = office()
    days = scene.days("2025-07-01", watermark="NaT")
    assert Row(days, 0).pending_reason == PendingReason.AWAITING_CHECKINS


@thorough
@given(case=cases(rules=st.sampled_from([RECOMMENDED, FRAPPE_HR])), seconds=st.integers(0, 5 * 86_400))
def test_q7_punches_after_the_watermark_change_no_decided_day(case: Case, seconds: int) -> None:
    watermark = case.asked["watermark"]
    if watermark is None or not len(case.inputs.people):
        return
    late = Punches.from_rows(
        [{"id": 10**6, "person": 1, "time": watermark + np.timedelta64(seconds, "s"), "rank": 10**6}]
    )
    more = {
        name: np.concatenate([getattr(case.inputs.punches, name), getattr(late, name)])
        for name in Punches.columns
    }
    before, after = case.days(), case.with_inputs(punches=Punches(**more)).days()
    decided = before.window_end < watermark
    names = [name for name in FIGURES if name not in {"incidents", "pending_reason"}]
    if len(before) == len(after):
        for name in names:
            assert getattr(before, name)[decided].tolist() == getattr(after, name)[decided].tolist(), name


@pytest.mark.parametrize("rules", [RECOMMENDED, FRAPPE_HR])
def test_an_explanation_names_schedule_windows_punches_and_rules(rules: RuleSet) -> None:
    scene = nights()
    scene.rows["shift_types"][0] |= {
        "auto": True,
        "process_after": "2025-06-01",
        "last_sync": "2025-08-01T00:00:00",
    }
    scene.punch(1, "2025-07-03 18:20", "2025-07-04 02:00", "2025-07-04 04:00")
    later = np.datetime64("2030-01-01T00:00:00")
    trace = explain_day(
        scene.inputs(), rules, 1, date(2025, 7, 3), zone=scene.zone, now=later, watermark=later
    )
    assert trace.schedule == "N8: assigned on 2025-07-03"
    assert [candidate.work_date for candidate in trace.candidates] == ["2025-07-03", "2025-07-04"]
    assert [candidate.chosen for candidate in trace.candidates] == [True, False]
    assert [(punch.time[11:], punch.reason) for punch in trace.punches] == [
        ("18:20:00", "WINDOW"),
        ("02:00:00", "WINDOW"),
    ]
    late = trace.step("late")
    assert late.rule_version == rules.key
    assert late.inputs == {"late_seconds": 1200}
    assert late.threshold["late_grace_min"] == (15 if rules is RECOMMENDED else 0)
    assert trace.step("worked_seconds").outcome == "07:40:00"
    assert figures_from(trace)["worked_seconds"] == hours("07:40")
    assert set(FIGURES) <= {step.figure for step in trace.steps}


def test_every_step_says_its_rule_and_source() -> None:
    later = np.datetime64("2030-01-01T00:00:00")
    for rules in (RECOMMENDED, FRAPPE_HR):
        trace = explain_day(
            office().inputs(), rules, 1, date(2025, 7, 3), zone="UTC", now=later, watermark=later
        )
        assert all(step.rule.endswith(".") and step.source and step.unit for step in trace.steps)
        assert trace.schedule == "S9: the default shift, as nothing is assigned on 2025-07-03"


def test_explaining_nobody_is_refused() -> None:
    later = np.datetime64("2030-01-01T00:00:00")
    day = date(2025, 7, 3)
    with pytest.raises(LookupError, match="no person 7"):
        explain_day(office().inputs(), RECOMMENDED, 7, day, zone="UTC", now=later, watermark=later)
    with pytest.raises(LookupError, match="shift 3"):
        explain_day(
            office().inputs(), RECOMMENDED, 1, day, zone="UTC", now=later, watermark=later, shift_seq=3
        )


def test_bad_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="has no column nickname"):
        People.from_rows([{"id": 1, "nickname": "x"}])
    with pytest.raises(ValueError, match="a row has no id"):
        People.from_rows([{"joined": None}])
    with pytest.raises(ValueError, match=r"People.status: \(2,\), expected \(1,\)"):
        People(id=[1], status=[0, 0])
    assert {kind for kind in Table.__subclasses__() if kind.__module__ == Inputs.__module__} == {
        type(table) for table in vars(Scene().inputs()).values()
    }
    twice = Scene()
    twice.person(id=1)
    twice.person(id=1)
    with pytest.raises(ValueError, match="a person is there twice"):
        twice.days("2025-07-01")
    with pytest.raises(ValueError, match=r"before the first|empty"):
        office().days("2025-07-02", "2025-07-01")


def test_nobody_is_nothing() -> None:
    assert len(Scene().days("2025-07-01")) == 0


def test_a_row_that_is_not_there() -> None:
    days = office().days("2025-07-01")
    with pytest.raises(LookupError, match="no row for person 2"):
        days.find(2, "2025-07-01")
