"""Rules, fixes and slices against plain ways to the same answer: every case tried, every minute asked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from service.crew.rules.course import course_of
from service.crew.rules.crewing import Requirement, Rule
from service.crew.rules.fixes import MOST_SETS, Fixes, fixes
from service.crew.rules.judging import Judge, Person, matches
from service.crew.rules.presets import Ruling
from service.crew.rules.seats import seated
from service.crew.rules.slots import Segment
from service.crew.rules.spans import union
from service.crew.rules.sweep import Overlay, overlaid, slices

START = datetime(2026, 3, 5, tzinfo=UTC)
STEP = timedelta(minutes=15)
SLOTS = 24
WINDOW = (START, START + SLOTS * STEP)
SKILLS, ROLES = ("BA", "LGV", "TTR"), ("WC", "FFC", "FFD", None)

words = st.sets(st.sampled_from(SKILLS), max_size=2).map(tuple)
roles = st.sets(st.sampled_from(ROLES[:3]), max_size=2).map(tuple)
requirements = st.builds(
    Requirement,
    code=st.just("x"),
    min_count=st.integers(1, 3),
    skills_all=words,
    skills_any=words,
    roles_any=roles,
    skills_none=words,
    roles_none=roles,
)
rules = st.builds(
    Rule,
    name=st.just("r"),
    requirements=st.lists(requirements, min_size=1, max_size=4).map(tuple),
    mode=st.sampled_from(["overlap", "seats"]),
)


def crowds(most: int) -> st.SearchStrategy[dict[int, Person]]:
    """Up to so many people by number."""
    profile = st.tuples(st.sampled_from(ROLES), st.sets(st.sampled_from(SKILLS)))
    return st.lists(profile, min_size=1, max_size=most).map(
        lambda found: {at: Person(at, role, frozenset(skills)) for at, (role, skills) in enumerate(found, 1)}
    )


@given(
    st.lists(st.integers(0, 2), min_size=1, max_size=3),
    st.lists(st.integers(0, 7), max_size=5),
)
def test_as_many_seats_are_taken_as_can_be(wanted: list[int], people: list[int]) -> None:
    people = [one & (1 << len(wanted)) - 1 for one in people]
    seats = [requirement for requirement, count in enumerate(wanted) for _ in range(count)]
    most = 0
    for order in permutations([*people, *[0] * len(seats)], len(seats)):
        most = max(most, sum(one >> seat & 1 for one, seat in zip(order, seats, strict=True)))
    taken = seated(wanted, people)
    assert sum(taken) == most
    assert all(have <= need for have, need in zip(taken, wanted, strict=True))


def holds(rule: Rule, crew: Sequence[Person]) -> bool:
    """Whether a crew meets a rule, by trying."""
    if rule.mode == "overlap":
        return all(sum(matches(one, p) for p in crew) >= one.min_count for one in rule.requirements)
    seats = [one for one in rule.requirements for _ in range(one.min_count)]

    def fill(at: int, left: frozenset[int]) -> bool:
        if at == len(seats):
            return True
        return any(matches(seats[at], crew[who]) and fill(at + 1, left - {who}) for who in left)

    return len(crew) >= len(seats) and fill(0, frozenset(range(len(crew))))


@given(rules, crowds(6))
def test_a_rule_holds_where_trying_finds_it_to(rule: Rule, people: dict[int, Person]) -> None:
    judge = Judge(rule, people)
    for size in range(len(people) + 1):
        crew = frozenset(list(people)[:size])
        assert judge.result(crew).ok == holds(rule, [people[id_] for id_ in crew])
    everybody = frozenset(people)
    spared = [id_ for id_ in people if not holds(rule, [people[o] for o in everybody - {id_}])]
    assert judge.critical(everybody) == (tuple(spared) if judge.result(everybody).ok else ())


@given(rules, crowds(8), st.data())
def test_fixes_are_all_the_smallest_sets_and_no_others(
    rule: Rule, people: dict[int, Person], data: st.DataObject
) -> None:
    ids = sorted(people)
    off = frozenset(data.draw(st.sets(st.sampled_from(ids))))
    on = [id_ for id_ in ids if id_ not in off]
    crews = data.draw(
        st.lists(st.sets(st.sampled_from(on)) if on else st.just(set()), min_size=1, max_size=3)
    )
    asked = [frozenset(crew) for crew in crews]
    assert fixes(Judge(rule, people), asked, off) == tried(rule, people, asked, off)


def tried(
    rule: Rule, people: Mapping[int, Person], crews: Sequence[frozenset[int]], off: frozenset[int]
) -> Fixes:
    """The smallest sets by trying each of up to four people."""
    for size in range(5):
        found = [
            chosen
            for chosen in combinations(sorted(off), size)
            if all(holds(rule, [people[id_] for id_ in (*crew, *chosen)]) for crew in crews)
        ]
        if found:
            everybody = frozenset().union(*found)
            return Fixes(size, tuple(found[:MOST_SETS]), len(found), everybody) if size else Fixes(0)
    return Fixes(None)


states = st.lists(st.sampled_from(["available", "unavailable", "unknown"]), min_size=SLOTS, max_size=SLOTS)


def segments(row: Sequence[str]) -> list[Segment]:
    """A row of slots as segments, one for each slot."""
    return [
        Segment(START + at * STEP, START + (at + 1) * STEP, state)  # type: ignore[arg-type]
        for at, state in enumerate(row)
        if state != "unknown"
    ]


@given(st.lists(states, min_size=1, max_size=4), st.lists(st.booleans(), min_size=SLOTS, max_size=SLOTS))
def test_slices_say_of_every_minute_what_the_slots_say(rows: list[list[str]], looked: list[bool]) -> None:
    said = {at: segments(row) for at, row in enumerate(rows)}
    covered = union([(START + at * STEP, START + (at + 1) * STEP) for at, seen in enumerate(looked) if seen])
    made = slices(WINDOW, said, covered, said.keys())
    assert [one.start for one in made] == [WINDOW[0], *[one.end for one in made[:-1]]]
    assert made[-1].end == WINDOW[1]
    for minute in range(SLOTS * 15):
        at, slot = START + timedelta(minutes=minute), minute // 15
        [now] = [one for one in made if one.start <= at < one.end]
        for who, row in enumerate(rows):
            assert (who in now.crew, who in now.off, who in now.unknown) == (
                row[slot] == "available",
                row[slot] == "unavailable",
                row[slot] == "unknown",
            )
        assert now.covered == looked[slot]


@given(
    st.lists(states, min_size=4, max_size=4),
    states,
    st.lists(st.booleans(), min_size=SLOTS, max_size=SLOTS),
    rules,
)
def test_a_status_is_that_of_every_minute(
    rows: list[list[str]], flag: list[str], looked: list[bool], rule: Rule
) -> None:
    people = {at: Person(at, ROLES[at], frozenset(SKILLS[:at])) for at in range(4)}
    said = {at: segments(row) for at, row in enumerate(rows)}
    covered = [(START + at * STEP, START + (at + 1) * STEP) for at, seen in enumerate(looked) if seen]
    made = course_of(
        WINDOW, slices(WINDOW, said, covered, said.keys()), segments(flag), Ruling((rule,)), people
    )
    assert [run.start for run in made.runs] == [WINDOW[0], *[run.end for run in made.runs[:-1]]]
    for slot in range(SLOTS):
        at = START + slot * STEP
        _, run = made.at(at)
        crew = [people[who] for who, row in enumerate(rows) if row[slot] == "available"]
        expected = "available" if holds(rule, crew) else "crew_deficient"
        if flag[slot] == "unavailable":
            expected = "off_the_run"
        if flag[slot] == "unknown" or not looked[slot]:
            expected = "unknown"
        assert run.status == expected


@given(
    states, st.integers(0, SLOTS - 1), st.integers(1, SLOTS), st.sampled_from(["available", "unavailable"])
)
def test_an_overlay_holds_where_it_lies_and_nowhere_else(
    row: list[str], first: int, length: int, state: str
) -> None:
    end = min(SLOTS, first + length)
    overlay = Overlay(0, START + first * STEP, START + end * STEP, state)  # type: ignore[arg-type]
    made = slices(WINDOW, overlaid({0: segments(row)}, [overlay]), [WINDOW], [0])
    expected = [state if first <= at < end else said for at, said in enumerate(row)]
    assert made == slices(WINDOW, {0: segments(expected)}, [WINDOW], [0])
