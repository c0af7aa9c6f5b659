"""The state machine of alerts: durations, hysteresis, blindness, and clocks that jump (Q6)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.monitoring.alerts.states import (
    BLIND,
    COMPARISONS,
    EVERY,
    LONGEST_STEP,
    Limits,
    Reading,
    Standing,
    judged,
    to_tell,
)

START = datetime(2026, 11, 1, tzinfo=UTC)
NEW = Standing("ok", START, None)
UNKNOWN, IDLE = Reading(None, "away"), Reading(None, "nothing happened", idle=True)

values = st.floats(-1e6, 1e6)
readings = st.one_of(
    st.just(UNKNOWN), st.just(IDLE), st.integers(0, 20).map(lambda number: Reading(float(number), "it"))
)
limits = st.builds(
    Limits,
    st.sampled_from(sorted(COMPARISONS)),
    st.just(10.0),
    st.none(),
    st.integers(0, 600).map(lambda seconds: timedelta(seconds=seconds)),
)


def after(rule: Limits, *told: Reading, standing: Standing = NEW, every: timedelta = EVERY) -> Standing:
    """How it stands after readings at a regular pace."""
    now = standing.evaluated_at or START
    for reading in told:
        now += every
        standing = judged(rule, standing, reading, now)
    return standing


@given(limits, st.lists(readings, max_size=40))
def test_it_fires_exactly_when_it_was_beyond_for_long_enough(rule: Limits, told: list[Reading]) -> None:
    standing, beyond_since, fired = NEW, None, False
    for number, reading in enumerate(told, 1):
        now = START + number * EVERY
        standing = judged(rule, standing, reading, now)
        if reading.value is not None and rule.beyond(reading.value):
            beyond_since = beyond_since or now
            fired = fired or now - beyond_since >= rule.hold
        elif not (reading is UNKNOWN and fired):
            beyond_since, fired = None, False
        expected = "firing" if fired else "pending" if beyond_since else "ok"
        assert standing.state == ("unknown" if reading is UNKNOWN and not fired else expected)


@given(limits, st.lists(st.tuples(readings, st.integers(-90_000, 90_000)), max_size=30))
def test_q06_a_clock_that_jumps_adds_at_most_one_step_to_a_duration(
    rule: Limits, told: list[tuple[Reading, int]]
) -> None:
    standing, now, watched = NEW, START, timedelta(0)
    for reading, seconds in told:
        before, now = standing, now + timedelta(seconds=seconds)
        standing = judged(rule, standing, reading, now)
        step = min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_STEP)
        watched = watched + step if standing.state == before.state == "pending" else timedelta(0)
        if before.state == "pending" and standing.state == "firing":
            assert before.evaluated_at is not None
            assert before.evaluated_at - before.since + step >= rule.hold
        if standing.state == "pending":
            assert now - standing.since == watched
        if before.state == "firing" and standing.state == "ok":
            assert reading is IDLE or (reading.value is not None and rule.cleared(reading.value))


def test_a_service_that_was_down_has_watched_nothing() -> None:
    rule = Limits(">", 10, hold=timedelta(minutes=10))
    pending = after(rule, Reading(11, "it"), Reading(11, "it"))
    again = judged(rule, pending, Reading(11, "it"), START + timedelta(hours=8))
    assert again.state == "pending"
    assert after(rule, *[Reading(11, "it")] * 20, standing=again).state == "firing"


@given(st.sampled_from([">", ">=", "<", "<="]), values, st.floats(0, 1e3), st.lists(values, max_size=30))
def test_hysteresis_never_flaps_between_the_two_limits(
    comparison: str, threshold: float, width: float, told: list[float]
) -> None:
    clear_at = threshold - width if comparison.startswith(">") else threshold + width
    rule, standing = Limits(comparison, threshold, clear_at), NEW
    for number, value in enumerate(told):
        before = standing
        standing = judged(rule, standing, Reading(value, "it"), START + number * EVERY)
        if before.state == "firing" and not rule.beyond(value) and not rule.cleared(value):
            assert standing.state == "firing"
        if standing.state != before.state:
            assert rule.beyond(value) if standing.state == "firing" else rule.cleared(value)


def test_people_hear_of_each_state_once() -> None:
    rule, told, heard, standing = Limits(">", 10, hold=EVERY), None, [], NEW
    for reading in (
        *[Reading(11, "it")] * 6,  # pending, then firing
        *[UNKNOWN] * 20,  # nobody saw it resolve
        *[Reading(11, "it")] * 3,
        *[Reading(1, "it")] * 3,
        *[UNKNOWN] * 4,  # blind, not long enough to be told
        *[Reading(1, "it")] * 3,
        *[UNKNOWN] * 15,
        Reading(1, "it"),
    ):
        standing = after(rule, reading, standing=standing)
        if to_tell(standing, told, silenced=False):
            told = standing.state
            heard.append(told)
    assert heard == ["firing", "ok", "unknown", "ok"]
    assert BLIND <= 15 * EVERY


@given(st.sampled_from(["ok", "pending", "firing", "unknown"]), st.sampled_from([None, "ok", "firing"]))
def test_nobody_hears_of_what_is_silenced_pending_or_known(state: str, told: str | None) -> None:
    standing = Standing(state, START, START + timedelta(hours=1))  # type: ignore[arg-type]  # of the four
    assert not to_tell(standing, told, silenced=True)  # type: ignore[arg-type]  # as above
    assert not to_tell(standing, state, silenced=False)  # type: ignore[arg-type]  # as above
    if state == "pending" or (state == "ok" and told is None):
        assert not to_tell(standing, told, silenced=False)  # type: ignore[arg-type]  # as above
