"""Spec F.4 and the parts of F.9 about people: how they stand at an instant, in order, and who may ask."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.crew.rules.grid import DayGrid
from service.schemas.crew.people import Availability, Blocks, CrewListing, CrewMember, Segments
from tests.crew.house import House, open_house
from tests.crew.scenario import LABELS, S1, cells, person, seen, settle_s1, station
from tests.support.ground import Ground


def z(text: str) -> str:
    """`5 20:00` of March 2026 as it travels."""
    day, _, clock = text.partition(" ")
    return f"2026-03-{int(day):02}T{clock}:00Z"


async def standing(house: House, at: str, crew_id: int = 1, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = await house.get(f"/v1/crew/{crew_id}/availability", at=at, **more)
    Availability.model_validate(body)
    return body


def next_of(body: dict[str, Any]) -> tuple[str, bool] | None:
    following = body["next_available"]
    return None if following is None else (following["from"], following["after_gap"])


async def test_c035_available_over_midnight_until_an_exact_end(s2: House) -> None:
    body = await standing(s2, z("5 23:50"))
    assert (body["state"], body["since"], body["until"]) == ("available", z("5 20:00"), z("6 06:00"))
    assert (body["until_is_lower_bound"], body["minutes_left"]) == (False, 370)
    assert body["data"]["complete"]


async def test_c036_the_start_instant_is_within(s2: House) -> None:
    body = await standing(s2, z("5 20:00"))
    assert (body["state"], body["minutes_left"]) == ("available", 600)


async def test_c037_before_the_start_unavailable_with_its_reason(s2: House) -> None:
    body = await standing(s2, z("5 19:59"))
    assert (body["state"], body["reason"], body["meaning"]) == ("unavailable", "W", "work")
    assert next_of(body) == (z("5 20:00"), False)
    assert (body["since"], body["until"], body["minutes_left"]) == (None, None, None)


async def test_c038_the_end_instant_is_outside(s2: House) -> None:
    body = await standing(s2, z("6 06:00"))
    assert (body["state"], next_of(body)) == ("unavailable", (z("6 18:00"), False))
    assert body["known_until"] == z("8 00:00")


async def test_c039_the_end_of_what_is_known_is_a_lower_bound(s2: House) -> None:
    body = await standing(s2, z("7 12:00"))
    assert (body["state"], body["since"], body["until"]) == ("available", z("6 18:00"), z("8 00:00"))
    assert (body["until_is_lower_bound"], body["minutes_left"]) == (True, 720)
    assert next_of(body) == (z("9 00:00"), True)


async def test_c040_a_day_that_was_never_fetched_is_unknown(s2: House) -> None:
    body = await standing(s2, z("8 10:00"))
    assert (body["state"], body["cause"], body["reason"]) == ("unknown", "not_fetched", None)
    assert next_of(body) == (z("9 00:00"), True)
    assert not body["data"]["complete"]
    assert "2026-03-08T10:00" in body["data"]["reasons"][0]


async def test_c041_the_start_of_what_is_known_is_told(s2: House) -> None:
    body = await standing(s2, z("9 03:00"))
    assert (body["state"], body["since"], body["since_is_known_start"]) == ("available", z("9 00:00"), True)
    assert (body["until"], body["until_is_lower_bound"]) == (z("9 12:00"), False)


async def test_c042_nothing_next_is_null_with_how_far_is_known(s2: House) -> None:
    body = await standing(s2, z("9 13:00"))
    assert (body["state"], next_of(body), body["known_until"]) == ("unavailable", None, z("10 00:00"))


async def test_c043_before_everything_known_is_unknown(s2: House) -> None:
    body = await standing(s2, z("4 12:00"))
    assert (body["state"], body["cause"]) == ("unknown", "not_fetched")


async def test_c044_who_is_not_in_a_grid_is_not_listed_and_not_counted(house: House) -> None:
    made = await settle_s1(house.runtime)
    await seen(house.runtime, made, replace(S1, crew=S1.crew[1:]), date(2026, 3, 6))
    body = await standing(house, z("6 03:00"))
    assert (body["state"], body["cause"]) == ("unknown", "not_listed")
    listed = await house.get("/v1/crew", at=z("6 03:00"), station="P22")
    assert (listed["available"], listed["unknown"], listed["data"]["complete"]) == (2, 1, False)
    assert 1 not in [one["crew_id"] for one in listed["items"] if one["state"] == "available"]
    assert listed["data"]["reasons"] == [
        "P22: the grid of 2026-03-06T03:00+00:00 does not list 1 of the people"
    ]


async def test_a_cell_that_could_not_be_read_is_unclassified(house: House) -> None:
    made = await station(house.runtime)
    row = person("ALDER, JO", "WC", "BA", 61, cells([(0, 9)]))
    unread = replace(row, cells=tuple(replace(one, state="unknown", reason=None) if 40 <= at < 44 else one
                                      for at, one in enumerate(row.cells)))  # fmt: skip
    await seen(house.runtime, made, DayGrid(LABELS, 15, (unread,)), date(2026, 3, 5))
    body = await standing(house, z("5 10:30"))
    assert (body["state"], body["cause"]) == ("unknown", "unclassified")
    assert (await standing(house, z("5 09:30")))["known_until"] == z("5 10:00")


async def test_c045_a_night_of_spring_has_nine_hours_less_one(house: House) -> None:
    made = await station(house.runtime)
    for day, hours in ((date(2026, 3, 28), [(22, 24)]), (date(2026, 3, 29), [(0, 6)])):
        grid = DayGrid(LABELS, 15, (person("ALDER, JO", "WC", "BA", 61, cells(hours)),))
        await seen(house.runtime, made, grid, day)
    body = await standing(house, z("29 00:30"))
    assert (body["until"], body["until_local"]) == (z("29 05:00"), "2026-03-29T06:00:00+01:00")
    assert (body["minutes_left"], body["until_is_lower_bound"]) == (270, False)
    [block] = (await house.get("/v1/crew/1/blocks", **{"from": z("29 00:00"), "to": z("29 01:00")}))["blocks"]
    assert (block["from"], block["until"], block["minutes"]) == (z("28 22:00"), z("29 05:00"), 420)


async def test_c047_nobody_of_that_number(s2: House) -> None:
    for number in ("999", str(2**40), "9" * 5000):
        answer = await s2.ask("GET", f"/v1/crew/{number}")
        assert (answer.status_code, answer.json()["code"]) == (404, "crew_not_found")
        assert number[:40] in answer.json()["detail"]
    answer = await s2.ask("GET", "/v1/crew/abc")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/path/crew_id")
    assert (await s2.ask("GET", "/v1/crew/abc/availability")).status_code == 422
    assert (await s2.ask("DELETE", "/v1/crew/1")).status_code == 405


async def test_c048_an_instant_without_offset_is_refused(s2: House) -> None:
    for path in ("/v1/crew", "/v1/crew/1/availability"):
        answer = await s2.ask("GET", path, params={"at": "2026-10-25T01:45"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "offset_required")


async def test_c099_the_crew_in_order_with_their_ends(s1: House) -> None:
    body = await s1.get("/v1/crew", at=z("5 10:00"))
    CrewListing.model_validate(body)
    assert [one["crew_id"] for one in body["items"]] == [2, 3, 5, 1, 4]
    assert [one["state"] for one in body["items"]] == ["available"] * 3 + ["unavailable"] * 2
    ends = {one["crew_id"]: (one["until"], one["until_is_lower_bound"]) for one in body["items"][:3]}
    assert ends == {2: (z("5 12:00"), False), 3: (z("6 00:00"), True), 5: (z("5 14:00"), False)}
    assert body["data"]["complete"]
    assert body["data"]["as_of"] == "2026-03-05T09:58:11Z"


async def test_the_state_object_is_that_of_the_specification(s1: House) -> None:
    body = await standing(s1, z("5 10:00"))
    assert (body["state"], body["reason"], body["known_until"]) == ("unavailable", "W", z("6 00:00"))
    following = body["next_available"]
    assert (following["from"], following["until"], following["after_gap"]) == (
        z("5 17:00"),
        z("6 00:00"),
        False,
    )


async def test_a_list_is_of_those_who_are_asked_for(s1: House) -> None:
    async def ids(**asked: Any) -> list[int]:
        body = await s1.get("/v1/crew", at=z("5 10:00"), **asked)
        return [one["crew_id"] for one in body["items"]]

    assert await ids(state="available") == [2, 3, 5]
    assert await ids(role="ffd") == [3, 5]
    assert await ids(skill="driver") == [2, 5]
    assert await ids(skill="officer") == [2, 1]
    assert await ids(skill="lgv", station="P22") == [2]
    assert await ids(state="unknown") == []


async def test_the_pages_of_a_list_are_of_one_instant(house: House) -> None:
    made = await settle_s1(house.runtime)
    first = await house.get("/v1/crew", limit=2, include="total", at=z("5 10:00"))
    assert (first["page"]["has_more"], first["page"]["total"]) == (True, 5)
    await seen(house.runtime, made, replace(S1, crew=S1.crew[:1]), fetched=datetime.now(UTC))
    second = await house.get("/v1/crew", limit=2, at=z("5 10:00"), cursor=first["page"]["next"])
    third = await house.get("/v1/crew", limit=2, at=z("5 10:00"), cursor=second["page"]["next"])
    walked = [one["crew_id"] for body in (first, second, third) for one in body["items"]]
    assert (walked, third["page"]["has_more"]) == ([2, 3, 5, 1, 4], False)
    other = await house.ask("GET", "/v1/crew", params={"cursor": first["page"]["next"], "role": "WC"})
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")


async def test_names_give_way_to_numbers_on_displays(s1: House) -> None:
    listed = await s1.ask("GET", "/v1/crew", params={"at": z("5 10:00"), "redact": "1", "limit": 2})
    assert [one["name"] for one in listed.json()["items"]] == ["#2", "#3"]
    window = {"from": z("5 00:00"), "to": z("6 00:00"), "redact": "1"}
    texts = [listed.text] + [
        (await s1.ask("GET", f"/v1/crew/1{path}", params=asked)).text
        for path, asked in (("", {"redact": "1"}), ("/availability", {"redact": "1"}),
                            ("/segments", window), ("/blocks", window))
    ]  # fmt: skip
    for name in ("ALDER", "BIRCH", "CEDAR"):
        assert not [text for text in texts if name in text]


async def test_a_profile_says_what_its_skills_count_as(s1: House) -> None:
    body = await s1.get("/v1/crew/2")
    CrewMember.model_validate(body)
    assert (body["name"], body["role"], body["skills"]) == ("BIRCH, KE", "FFC", ["BA", "LGV"])
    assert (body["officer"], body["driver"], body["contract_hours"]) == (True, True, "91.00")
    assert "contact" not in body


async def test_segments_are_whole_and_of_a_local_day(s1: House) -> None:
    body = await s1.get("/v1/crew/1/segments", **{"from": z("5 08:00"), "to": z("5 10:00")})
    Segments.model_validate(body)
    assert [(one["from"], one["until"], one["state"], one["reason"]) for one in body["segments"]] == [
        (z("5 00:00"), z("5 09:00"), "available", None),
        (z("5 09:00"), z("5 17:00"), "unavailable", "W"),
    ]
    off = await s1.get(
        "/v1/crew/1/segments", **{"from": z("5 08:00"), "to": z("5 10:00"), "state": "unavailable"}
    )
    assert len(off["segments"]) == 1


async def test_runs_join_over_midnight_and_never_over_what_is_unknown(s2: House) -> None:
    body = await s2.get("/v1/crew/1/blocks", **{"from": z("6 03:00"), "to": z("9 18:00")})
    Blocks.model_validate(body)
    assert [
        (one["from"], one["until"], one["from_is_known_start"], one["until_is_lower_bound"])
        for one in body["blocks"]
    ] == [
        (z("5 20:00"), z("6 06:00"), False, False),
        (z("6 18:00"), z("8 00:00"), False, True),
        (z("9 00:00"), z("9 12:00"), True, False),
    ]
    assert body["data"]["reasons"] == ["P22: nothing is known of 2026-03-08T00:00Z – 2026-03-09T00:00Z"]


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ((z("5 00:00"), z("5 00:00")), "from_not_before_to"),
        ((z("5 00:00"), "2026-04-09T00:00:01Z"), "range_too_long"),
        ((z("5 00:00"), "2026-03-06"), "offset_required"),
        (("1772704800", z("6 00:00")), "datetime_parsing"),
        (("0001-01-01T00:00:00Z", z("6 00:00")), "date_out_of_range"),
    ],
)
async def test_a_range_that_makes_no_sense_is_refused(s2: House, window: tuple[str, str], code: str) -> None:
    for path in ("segments", "blocks"):
        answer = await s2.ask("GET", f"/v1/crew/1/{path}", params={"from": window[0], "to": window[1]})
        assert answer.status_code == 422, answer.text
        assert code in {answer.json()["code"], answer.json()["errors"][0]["code"]}


async def test_an_answer_as_it_was_known(house: House) -> None:
    made = await settle_s1(house.runtime)
    later = datetime(2026, 3, 5, 12, tzinfo=UTC)
    other = person("ALDER, JO", "CM", "BA", 61, cells([(9, 10)]))
    await seen(house.runtime, made, replace(S1, crew=(other, *S1.crew[1:])), fetched=later)
    before = (later - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    for known_at, state, role in ((None, "available", "CM"), (before, "unavailable", "WC")):
        more = {} if known_at is None else {"known_at": known_at}
        body = await standing(house, z("5 09:30"), **more)
        assert (body["state"], body["role"]) == (state, role)
        listed = await house.get("/v1/crew", at=z("5 09:30"), **more)
        assert [one["state"] for one in listed["items"] if one["crew_id"] == 1] == [state]
        window = {"from": z("5 09:00"), "to": z("5 10:00")}
        blocks = await house.get("/v1/crew/1/blocks", **window, **more)
        assert len(blocks["blocks"]) == (1 if state == "available" else 0)
    # The same content seen again later does not make what was known before any newer.
    assert (await standing(house, z("5 09:30"), known_at=before))["data"]["as_of"] == "2026-03-05T09:58:11Z"
    nobody = await house.ask("GET", "/v1/crew/1/availability", params={"known_at": "2026-03-01T00:00:00Z"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "crew_not_found")


async def test_a_word_that_only_takes_posts_is_no_number(s2: House) -> None:
    paths = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text("utf-8"))["paths"]
    posted = [
        path for path, found in paths.items() if re.fullmatch("/v1/crew/[^/{]+", path) and "get" not in found
    ]
    assert "/v1/crew/lookup" in posted
    for path in posted:
        assert (await s2.ask("GET", path)).status_code == 405, path


@pytest.fixture(scope="module")
async def two(ground: Ground) -> AsyncIterator[House]:
    """Two stations, the same day of both; read only."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_s1(opened.runtime)
        other = await station(opened.runtime, "P33")
        grid = DayGrid(LABELS, 15, (person("FIR, AL", "CM", "BA", 61, cells([(0, 24)])),))
        await seen(opened.runtime, other, grid)
        yield opened
    await ground.drop(url)


async def test_c101_without_a_key_or_without_the_right(two: House) -> None:
    async with two.http(None) as nobody:
        for method, path in (("GET", "/v1/crew"), ("GET", "/v1/crew/1"), ("PUT", "/v1/crew/1/contact")):
            answer = await nobody.request(method, path)
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    reader = await two.token("crew:read")
    for method in ("GET", "PUT", "DELETE"):
        answer = await two.ask(method, "/v1/crew/1/contact", token=reader)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    stranger = await two.token("attendance:read")
    assert (await two.ask("GET", "/v1/crew", token=stranger)).status_code == 403


async def test_who_is_limited_to_a_station_sees_no_other(two: House) -> None:
    limited = await two.token("crew:read", sites=["P33"])
    at = {"at": z("5 10:00")}
    listed = (await two.ask("GET", "/v1/crew", token=limited, params=at)).json()
    assert [one["station"] for one in listed["items"]] == ["P33"]
    both = await two.get("/v1/crew", **at)
    assert {one["station"] for one in both["items"]} == {"P22", "P33"}
    foreign = await two.ask("GET", "/v1/crew", token=limited, params={**at, "station": "P22"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")
    for path in ("", "/availability"):
        hidden = await two.ask("GET", f"/v1/crew/1{path}", token=limited)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "crew_not_found")
    wrong = await two.ask("GET", "/v1/crew", params={"station": "P23"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown_station")
