"""Slots, midnight and clock changes: cases 23 to 33 of spec F.3."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import pytest

from service.crew.rules.grid import AVAILABLE, Cell
from service.crew.rules.slots import Segment, columns, covered, day_bounds, segments
from service.crew.rules.spans import union
from tests.crew.pages import EMPTY, employee, header, page, read
from tests.crew.scenario import LABELS, Hours, cells

LONDON = "Europe/London"
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def day_of(day: date, hours: Hours, labels: Sequence[str] = LABELS) -> list[Segment]:
    """What a day says whose quarter hours are available in these hours of the clock."""
    return segments(cells(hours), columns(day, LONDON, tuple(labels), 15))


def runs(*days: Iterable[Segment]) -> list[tuple[str, str]]:
    """The available runs of some days, merged as an answer merges them."""
    available = [(one.start, one.end) for day in days for one in day if one.state == "available"]
    return [(shown(start), shown(end)) for start, end in union(available)]


def shown(at: datetime) -> str:
    """In UTC, to the minute."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def test_c023_a_night_is_two_segments_and_one_run() -> None:
    first, second = day_of(date(2026, 3, 5), [(20, 24)]), day_of(date(2026, 3, 6), [(0, 6)])
    assert [len([one for one in day if one.state == "available"]) for day in (first, second)] == [1, 1]
    assert runs(first, second) == [("2026-03-05T20:00Z", "2026-03-06T06:00Z")]


def test_c024_summer_time_is_an_hour_ahead() -> None:
    first, second = day_of(date(2026, 7, 1), [(23, 24)]), day_of(date(2026, 7, 2), [(0, 1)])
    assert runs(first, second) == [("2026-07-01T22:00Z", "2026-07-02T00:00Z")]


def test_c025_days_have_23_24_and_25_hours() -> None:
    for day, start, end in (
        (SPRING, "2026-03-29T00:00Z", "2026-03-29T23:00Z"),
        (AUTUMN, "2026-10-24T23:00Z", "2026-10-26T00:00Z"),
        (date(2026, 3, 5), "2026-03-05T00:00Z", "2026-03-06T00:00Z"),
    ):
        assert tuple(map(shown, day_bounds(day, LONDON))) == (start, end)


def test_c026_a_whole_day_in_spring_is_one_segment() -> None:
    [segment] = day_of(SPRING, [(0, 24)])
    assert runs([segment]) == [("2026-03-29T00:00Z", "2026-03-29T23:00Z")]


def test_c027_half_past_midnight_to_a_quarter_to_three_in_spring() -> None:
    assert runs(day_of(SPRING, [(0.5, 2.75)])) == [("2026-03-29T00:30Z", "2026-03-29T01:45Z")]


def test_c028_the_hour_that_spring_leaves_out_is_nothing() -> None:
    [segment] = day_of(SPRING, [(1, 2)])
    assert segment.state == "unavailable"
    assert (segment.start, segment.end) == day_bounds(SPRING, LONDON)


def test_c029_the_hour_that_autumn_repeats_is_both() -> None:
    assert runs(day_of(AUTUMN, [(1, 1.5)])) == [
        ("2026-10-25T00:00Z", "2026-10-25T00:30Z"),
        ("2026-10-25T01:00Z", "2026-10-25T01:30Z"),
    ]


def test_c033_a_day_that_was_not_fetched_is_no_part_of_a_run() -> None:
    first, last = day_of(date(2026, 3, 2), [(0, 24)]), day_of(date(2026, 3, 4), [(12, 24)])
    assert runs(first, last) == [
        ("2026-03-02T00:00Z", "2026-03-03T00:00Z"),
        ("2026-03-04T12:00Z", "2026-03-05T00:00Z"),
    ]


REPEATED = (*LABELS[:8], *LABELS[4:8], *LABELS[8:])
LEFT_OUT = (*LABELS[:4], *LABELS[8:])


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # The grid begins within the first 01xx hour: nothing is known of its first half.
        (REPEATED[6:], [("2026-10-25T00:30Z", "2026-10-26T00:00Z")]),
        # It ends within the second one.
        (REPEATED[:10], [("2026-10-24T23:00Z", "2026-10-25T01:30Z")]),
        (REPEATED[7:9], [("2026-10-25T00:45Z", "2026-10-25T01:15Z")]),
    ],
)
def test_c029_a_part_of_the_doubled_labels_is_a_part_of_the_hours(
    labels: Sequence[str], expected: list[tuple[str, str]]
) -> None:
    slots = columns(AUTUMN, LONDON, tuple(labels), 15)
    assert [(shown(start), shown(end)) for start, end in covered(slots)] == expected


@pytest.mark.parametrize(
    ("day", "labels", "count"),
    [(SPRING, LABELS, 96), (SPRING, LEFT_OUT, 92), (AUTUMN, LABELS, 96), (AUTUMN, REPEATED, 100)],
)
def test_both_forms_of_a_day_of_a_clock_change_are_complete(
    day: date, labels: Sequence[str], count: int
) -> None:
    grid = read(page(header(labels), employee("ALDER, JO", *[EMPTY] * len(labels))), day=day)
    assert (len(grid.labels), grid.findings) == (count, ())
    said = segments(grid.crew[0].cells, columns(day, LONDON, grid.labels, 15))
    assert [(one.start, one.end) for one in said] == [day_bounds(day, LONDON)]


@pytest.mark.parametrize(
    ("day", "hours", "asked"), [(SPRING, (0, 2), 23), (AUTUMN, (0, 1, 1), 25), (AUTUMN, (0, 1), 24)]
)
def test_the_same_with_slots_of_an_hour(day: date, hours: Sequence[int], asked: int) -> None:
    labels = [f"{hour:02}00" for hour in (*hours, *range(hours[-1] + 1, 24))]
    grid = read(page(header(labels), employee("ALDER, JO", *[EMPTY] * len(labels))), 60, day)
    assert (len(grid.labels), grid.resolution, grid.findings) == (asked, 60, ())


@pytest.mark.parametrize(
    ("day", "labels"),
    [(date(2026, 3, 5), REPEATED), (date(2026, 3, 5), LEFT_OUT), (SPRING, REPEATED), (AUTUMN, LEFT_OUT)],
)
def test_labels_of_another_day_are_a_bad_header(day: date, labels: Sequence[str]) -> None:
    with pytest.raises(Exception, match="bad_header"):
        read(page(header(labels), employee("ALDER, JO", *[EMPTY] * len(labels))), day=day)


def test_repeated_labels_tell_the_first_hour_from_the_second() -> None:
    off = '<td class="schTD">W</td>'
    row = [off] * 4 + [EMPTY] * 4 + [off] * 92
    grid = read(page(header(REPEATED), employee("ALDER, JO", *row)), day=AUTUMN)
    assert grid.crew[0].cells[4:9] == (AVAILABLE,) * 4 + (Cell("unavailable", "W"),)
    said = segments(grid.crew[0].cells, columns(AUTUMN, LONDON, grid.labels, 15))
    assert runs(said) == [("2026-10-25T00:00Z", "2026-10-25T01:00Z")]
