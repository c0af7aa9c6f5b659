"""What is known of a station in a window, and what was known of it at an instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.crew.queries import station_days
from service.crew.queries.station_days import Asked
from service.crew.rules.spans import difference, intersection, union
from tests.crew.house import House
from tests.crew.scenario import FETCHED, S1, cells, person, seen, settle_s1

START = datetime(2026, 3, 5, tzinfo=UTC)
END = START + timedelta(days=1)
LATER = FETCHED + timedelta(minutes=5)


async def test_a_superseded_day_is_answered_as_it_was_known(house: House) -> None:
    made = await settle_s1(house.runtime)
    other = person("ALDER, JO", "CM", "BA", 61, cells([(3, 4)]))
    await seen(house.runtime, made, replace(S1, crew=(other, *S1.crew[1:])), fetched=LATER)
    async with house.runtime.database.snapshot() as conn:
        for known_at, hours, role, fetched in (
            (None, [(3, 4)], "CM", LATER),
            (LATER, [(3, 4)], "CM", LATER),
            (LATER - timedelta(seconds=1), [(0, 9), (17, 24)], "WC", FETCHED),
        ):
            asked = Asked(made.id, START, END, known_at)
            said = (await station_days.select_crew(conn, asked))[1]
            assert [(one.start, one.end) for one in said if one.state == "available"] == [
                (START + timedelta(hours=a), START + timedelta(hours=b)) for a, b in hours
            ]
            [look] = await station_days.select_looks(conn, asked)
            assert (look.fetched_at, look.covered) == (fetched, ((START, END),))
            members = await station_days.select_members(conn, made.id, known_at)
            assert (members[0].role, len(members)) == (role, 5)
        before = Asked(made.id, START, END, FETCHED - timedelta(seconds=1))
        assert await station_days.select_crew(conn, before) == {}
        assert await station_days.select_looks(conn, before) == []
        assert await station_days.select_members(conn, made.id, before.known_at) == []
        [flag] = (await station_days.select_flags(conn, Asked(made.id, START, END, LATER))).values()
        assert [one.state for one in flag] == ["available", "unavailable", "available"]
        assert [one.origin for one in await station_days.select_rules(conn, made.id, LATER)] == ["grid"]


async def test_what_was_seen_again_later_was_not_as_fresh_before(house: House) -> None:
    made = await settle_s1(house.runtime)
    await seen(house.runtime, made, S1, fetched=LATER)
    async with house.runtime.database.snapshot() as conn:
        for known_at, fetched in ((LATER - timedelta(seconds=1), FETCHED), (LATER, LATER), (None, LATER)):
            [look] = await station_days.select_looks(conn, Asked(made.id, START, END, known_at))
            assert look.fetched_at == fetched


def test_spans_are_added_shared_and_taken_away() -> None:
    a, b, c, d = (START + timedelta(hours=hour) for hour in range(4))
    assert union([(a, b), (c, d)], [(b, c)]) == [(a, d)]
    assert intersection([(a, c)], [(b, d)]) == [(b, c)]
    assert difference([(a, d)], [(b, c)]) == [(a, b), (c, d)]
