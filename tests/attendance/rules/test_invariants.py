"""F.4.7, Q3, Q4, Q5, Q8 on generated companies."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.attendance.rules.assemble import assemble
from service.attendance.rules.codes import COUNTED, PunchReason, Status
from service.attendance.rules.columns import Table
from service.attendance.rules.explain import explain_row, figures_from
from service.attendance.rules.explain.figures import FIGURES
from service.attendance.rules.results import Days
from service.attendance.rules.ruleset import FRAPPE_HR, RECOMMENDED, RuleSet
from tests.attendance.rules.scene import Scene
from tests.attendance.rules.strategies import SPAN, Case, cases, rule_sets

EXAMPLES = 200 if os.environ.get("MUSTER_PROVE") else 50
"""Cases per property; one has up to three people over four days."""

thorough = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def assert_same(left: Days, right: Days) -> None:
    for name, values in vars(left).items():
        assert np.array_equal(values, getattr(right, name), equal_nan=values.dtype.kind == "M"), name


@thorough
@given(case=cases())
def test_q3_every_punch_is_in_exactly_one_row_or_outside_the_period(case: Case) -> None:
    done = case.evaluation()
    days = assemble(done)
    known = np.isin(case.inputs.punches.person, case.inputs.people.id)
    inside = days.punch_index.tolist()
    outside = done.attached.punches.punch[done.attached.row < 0].tolist()
    assert sorted(inside + outside) == sorted(case.inputs.punches.id[known].tolist())
    assert days.punch_total.sum() == len(inside)
    assert set(days.punch_reason.tolist()) <= {
        reason for reason in PunchReason if reason != PunchReason.OUTSIDE_PERIOD
    }


@thorough
@given(case=cases())
def test_q3_rows_are_people_times_days_times_shifts(case: Case) -> None:
    days = case.days()
    people = sorted(case.inputs.people.id.tolist())
    expected = [(person, str(case.first + timedelta(days=day))) for person in people for day in range(SPAN)]
    first_rows = days.shift_seq == 0
    found = list(
        zip(days.person[first_rows].tolist(), days.work_date[first_rows].astype(str).tolist(), strict=True)
    )
    assert found == expected
    assert ((days.shift_type != -1) | (days.shift_seq == 0)).all()
    steps = np.diff(days.shift_seq)
    assert ((steps == 1) | (days.shift_seq[1:] == 0)).all()


@thorough
@given(case=cases())
def test_q3_nothing_is_negative_and_sums_agree(case: Case) -> None:
    days = case.days()
    for name in (
        "gross",
        "break",
        "worked",
        "expected",
        "deducted",
        "expected_net",
        "overtime",
        "late",
        "early",
    ):
        assert (getattr(days, f"{name}_seconds") >= 0).all(), name
    assert (days.worked_seconds <= days.gross_seconds).all()
    assert (days.deducted_seconds <= days.expected_seconds).all()
    assert (days.difference_seconds == days.worked_seconds - days.expected_net_seconds).all()
    assert (days.punch_count <= days.punch_total).all()
    counted = np.bincount(
        np.repeat(np.arange(len(days)), days.punch_total)[days.punch_reason <= COUNTED], minlength=len(days)
    )
    assert (counted == days.punch_count).all()


@thorough
@given(case=cases())
def test_undecided_days_state_nothing(case: Case) -> None:
    days = case.days()
    pending = days.status == Status.PENDING
    assert ((days.pending_reason != 0) == pending).all()
    for name in ("worked_seconds", "expected_seconds", "late_seconds", "early_seconds", "overtime_seconds"):
        assert (getattr(days, name)[pending] == 0).all()


@thorough
@given(case=cases(), seed=st.integers(0, 2**32 - 1))
def test_q4_the_order_of_input_changes_nothing(case: Case, seed: int) -> None:
    shuffle = np.random.default_rng(seed)
    tables: dict[str, Any] = {
        name: table.take(shuffle.permutation(len(table)))
        for name, table in vars(case.inputs).items()
        if isinstance(table, Table) and name != "holidays"
    }
    assert_same(case.days(), case.with_inputs(**tables).days())
    assert_same(case.days(), case.days())


@thorough
@given(case=cases(rules=st.sampled_from([RECOMMENDED, FRAPPE_HR])))
def test_q4_one_day_alone_equals_the_same_day_of_the_period(case: Case) -> None:
    whole = case.days()
    day = case.first + timedelta(days=1)
    alone = replace(case, first=day, last=day).days()
    chosen = np.flatnonzero(whole.work_date == np.datetime64(day))
    assert alone.input_hash.tolist() == whole.input_hash[chosen].tolist()
    for name in FIGURES:
        assert getattr(alone, name).tolist() == getattr(whole, name)[chosen].tolist(), name


@thorough
@given(case=cases(rules=st.sampled_from([RECOMMENDED, FRAPPE_HR])), data=st.data())
def test_q4_a_late_punch_changes_only_days_beside_it(case: Case, data: st.DataObject) -> None:
    """What recomputing from the day before to the day after has to rely on (F.4 step 6)."""
    if not len(case.inputs.punches):
        return
    late = data.draw(st.integers(0, len(case.inputs.punches) - 1))
    punches = case.inputs.punches
    before = case.with_inputs(punches=punches.take(np.arange(len(punches)) != late)).days()
    after = case.days()
    day = punches.time[late].astype("datetime64[D]")
    person = punches.person[late]
    beside = (after.person == person) & (np.abs((after.work_date - day).astype(int)) <= 1)
    untouched = {key for key, near in zip(_keys(after), beside, strict=True) if not near}
    hashes = [dict(zip(_keys(days), days.input_hash.tolist(), strict=True)) for days in (before, after)]
    assert all(hashes[0][key] == hashes[1][key] for key in untouched)


def _keys(days: Days) -> list[tuple[int, str, int]]:
    return list(
        zip(days.person.tolist(), days.work_date.astype(str).tolist(), days.shift_seq.tolist(), strict=True)
    )


@thorough
@given(case=cases(), data=st.data())
def test_equal_fingerprints_mean_equal_rows(case: Case, data: st.DataObject) -> None:
    """One random edit: where the fingerprint stays, every column stays."""
    other = case.with_inputs(**data.draw(_edits(case)))
    left, right = case.days(), other.days()
    rows = [dict(zip(_keys(days), range(len(days)), strict=True)) for days in (left, right)]
    for key in rows[0].keys() & rows[1].keys():
        at, to = rows[0][key], rows[1][key]
        if left.input_hash[at] != right.input_hash[to]:
            continue
        assert left.row(at) == right.row(to)


def test_the_fingerprint_tells_whose_holiday_it_is() -> None:
    """Two lists with the same feast: a stored day names the one that counted."""
    hashes = []
    for own in (1, 2):
        scene = Scene()
        scene.person(holiday_list=own)
        for holiday_list in (1, 2):
            scene.add("holidays", holiday_list=holiday_list, date="2025-07-02")
        hashes.append(scene.days("2025-07-02").input_hash.tolist())
    assert hashes[0] != hashes[1]


@st.composite
def _edits(draw: st.DrawFn, case: Case) -> dict[str, Any]:
    """Remove a row of one table, or change a number of one shift type or person."""
    full = [
        name for name, table in vars(case.inputs).items() if len(table) and name not in {"people", "holidays"}
    ]
    name = draw(st.sampled_from(full))
    table = getattr(case.inputs, name)
    if name != "shift_types":
        return {name: table.take(np.arange(len(table)) != draw(st.integers(0, len(table) - 1)))}
    column = draw(st.sampled_from(["late_grace_min", "before_min", "after_min", "absent_hours", "start_s"]))
    return {name: replace(table, **{column: getattr(table, column) + draw(st.sampled_from([1, 30]))})}


@thorough
@given(case=cases())
def test_q8_every_figure_follows_from_its_explanation_alone(case: Case) -> None:
    done = case.evaluation()
    days = assemble(done)
    for at in range(len(days)):
        trace = explain_row(done, at)
        stored = {name: _plain(getattr(days, name)[at]) for name in FIGURES}
        assert figures_from(trace) == stored
        assert [punch.id for punch in trace.punches if punch.counted] == days.punch_ids(at).tolist()


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else int(value.astype("datetime64[s]").astype(np.int64))
    return value.item()


@settings(max_examples=50, deadline=None)
@given(rules=rule_sets())
def test_rule_sets_survive_json(rules: RuleSet) -> None:
    again = RuleSet.from_json(rules.to_json())
    assert again == rules
    assert again.digest == rules.digest
    assert replace(rules, version=rules.version + 1).digest != rules.digest


@pytest.mark.parametrize(
    ("given_json", "message"),
    [
        ({"name": "x", "grace": 1}, "grace: no such parameter"),
        ({"name": "x", "windows": {"kind": "both"}}, "windows.kind: 'both' is not 'shift' or 'calendar'"),
        ({"name": "x", "punctuality": {"late_grace_min": -1}}, "punctuality.late_grace_min"),
        ({"name": "x", "punctuality": {"late_grace_min": True}}, "punctuality.late_grace_min"),
        ({"name": "x", "absence": []}, "absence: expected an object"),
    ],
)
def test_bad_rule_sets_are_refused_by_name(given_json: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        RuleSet.from_json(given_json)
