"""Q1, Q3: what reports attribute to reasons, people and proposals, against a look at every quarter of an hour."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from service.crew.rules.attribution import Tally, pieces, seconds, tallies
from service.crew.rules.calendar import By, buckets, days
from service.crew.rules.course import Course, course_of
from service.crew.rules.cover import cover_of
from service.crew.rules.crewing import Lists
from service.crew.rules.judging import Judge, Person
from service.crew.rules.presets import Ruling, preset
from service.crew.rules.recovering import recoveries
from service.crew.rules.slots import Segment, Stretch, day_bounds, midnight
from service.crew.rules.spans import length
from service.crew.rules.sweep import slices

ZONE = "Europe/London"
QUARTER = timedelta(minutes=15)
SECONDS = 900
RULE = preset("p22p6", Lists())
assert RULE is not None
PEOPLE = {
    number: Person(number, role, frozenset(skills.split()))
    for number, (role, skills) in enumerate(
        [("WC", "BA TTR"), ("FFC", "BA LGV"), ("FFD", "BA"), ("FFT", "BA"), ("FFD", "BA ERD"), ("FF", "")], 1
    )
}
State = str | None
"""What is said of a slot: available, unavailable, or nothing."""
Row = Sequence[State]


def rows(length_: int) -> st.SearchStrategy[list[State]]:
    """A row of slots in runs, as people book them."""
    run = st.tuples(st.sampled_from(["available", "available", "unavailable", None]), st.integers(1, 40))
    return st.lists(run, min_size=1, max_size=8).map(
        lambda runs: ([state for state, times in runs for _ in range(times)] * length_)[:length_]
    )


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Stretch, dict[int, Row], list[Row]]:
    """A day of any length with six people and two appliances."""
    day = draw(st.sampled_from([date(2026, 3, 5), date(2026, 3, 29), date(2026, 10, 25)]))
    window = day_bounds(day, ZONE)
    many = (window[1] - window[0]) // QUARTER
    crew = {number: draw(rows(many)) for number in PEOPLE}
    return window, crew, [draw(rows(many)) for _ in range(2)]


def segments(start: datetime, row: Row) -> list[Segment]:
    """The slots of a row of which something is said."""
    return [
        Segment(start + at * QUARTER, start + (at + 1) * QUARTER, state)  # type: ignore[arg-type]  # it is one
        for at, state in enumerate(row)
        if state is not None
    ]


def course(window: Stretch, crew: Mapping[int, Row], flags: Row) -> Course:
    """The engine's own course."""
    said = {number: segments(window[0], row) for number, row in crew.items()}
    swept = slices(window, said, [window], PEOPLE)
    return course_of(window, swept, segments(window[0], flags), Ruling((RULE,)), PEOPLE)


def present(crew: Mapping[int, Row], at: int, state: State = "available") -> frozenset[int]:
    return frozenset(number for number, row in crew.items() if row[at] == state)


@settings(max_examples=60, deadline=None)
@given(scenes())
def test_reasons_and_their_combinations_are_those_of_every_slot(
    scene: tuple[Stretch, dict[int, Row], list[Row]],
) -> None:
    window, crew, flags = scene
    judge = Judge(RULE, PEOPLE)
    expected: Counter[tuple[str, ...]] = Counter()
    on = unknown = 0
    for at, flag in enumerate(flags[0]):
        shorts = tuple(judge.result(present(crew, at)).shorts)
        if flag is None:
            unknown += SECONDS
        elif flag == "available" and not shorts:
            on += SECONDS
        else:
            expected[(*(["flag"] if flag == "unavailable" else []), *shorts)] += SECONDS
    [tally] = tallies(pieces(course(window, crew, flags[0]).intervals, window), [window])
    assert (tally.on, tally.unknown, tally.by_combination) == (on, unknown, expected)
    assert tally.on + tally.off + tally.unknown == seconds(*window)
    assert tally.by_reason == {
        code: sum(spent for reasons, spent in expected.items() if code in reasons)
        for code in {code for reasons in expected for code in reasons}
    }


@settings(max_examples=40, deadline=None)
@given(scenes())
def test_cover_is_that_of_every_slot(scene: tuple[Stretch, dict[int, Row], list[Row]]) -> None:
    window, crew, flags = scene
    judge = Judge(RULE, PEOPLE)
    critical: Counter[int] = Counter()
    in_gaps: Counter[int] = Counter()
    for at in range(len(flags[0])):
        there = present(crew, at)
        ok, said = judge.result(there).ok, {row[at] for row in flags}
        for one in there:
            critical[one] += SECONDS * ("available" in said and ok and not judge.result(there - {one}).ok)
            in_gaps[one] += SECONDS * (not ok and said != {None})
    cover = cover_of(course(window, crew, row) for row in flags)
    for number in PEOPLE:
        assert length(cover.critical.get(number, [])).total_seconds() == critical[number]
        assert length(cover.in_gaps.get(number, [])).total_seconds() == in_gaps[number]


@settings(max_examples=40, deadline=None)
@given(scenes())
def test_proposals_are_those_of_every_slot(scene: tuple[Stretch, dict[int, Row], list[Row]]) -> None:
    window, crew, flags = scene
    judge = Judge(RULE, PEOPLE)
    expected: Counter[tuple[int, ...]] = Counter()
    for row in flags:
        for at, flag in enumerate(row):
            there, off = present(crew, at), sorted(present(crew, at, "unavailable"))
            if flag is None or judge.result(there).ok:
                continue
            for size in (1, 2):
                enough = [many for many in combinations(off, size) if judge.result(there | {*many}).ok]
                expected.update(dict.fromkeys(enough, SECONDS))
                if enough:
                    break
    found: Counter[tuple[int, ...]] = Counter()
    proposals = recoveries({at: course(window, crew, row) for at, row in enumerate(flags)})
    for one in proposals:
        found[one.people] += one.seconds
        assert one.seconds == sum(part.seconds for part in one.parts) > 0
        assert (one.start, one.end) == (one.parts[0].start, max(part.end for part in one.parts))
    assert found == expected
    assert [one.seconds for one in proposals] == sorted((one.seconds for one in proposals), reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2025, 12, 1), date(2027, 2, 1)),
    st.integers(0, 80),
    st.sampled_from(["day", "week", "month"]),
)
def test_buckets_are_the_period_without_holes(first: date, more: int, by: By) -> None:
    last = first + timedelta(days=more)
    made = buckets(first, last, by)
    assert [day for one in made for day in days(one.first, one.last)] == list(days(first, last))
    bounds = [one.bounds(ZONE) for one in made]
    assert all(before[1] == after[0] for before, after in pairwise(bounds))
    assert (bounds[0][0], bounds[-1][1]) == (midnight(first, ZONE), midnight(last + timedelta(days=1), ZONE))
    assert len({one.word for one in made}) == len(made)


def test_nothing_known_is_nothing_attributed() -> None:
    start = datetime(2026, 3, 5, tzinfo=UTC)
    nothing: list[State] = [None] * 96
    window = (start, start + timedelta(days=1))
    [tally] = tallies(
        pieces(course(window, dict.fromkeys(PEOPLE, nothing), nothing).intervals, window), [window]
    )
    assert (tally.on, tally.off, tally.unknown) == (0, 0, 86400)
    assert Tally().by_reason == {}
