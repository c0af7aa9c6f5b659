"""The earlier system's paths (spec A.12, D.7, #47, #75, #100): its bodies, at its place and ours."""

from datetime import datetime
from typing import Literal

import httpx
import pytest

from service.crew.rules.former import duration
from service.simulators.gartan import GartanConfig, GartanServer, GeneratorConfig, generate
from service.simulators.gartan.faults import not_json
from tests.crew.following import following, synced, today
from tests.crew.house import House

TEN = "2026-03-05T10:00:00Z"
CREW = generate(GeneratorConfig(stations=1, people=4))
PLACES = pytest.mark.parametrize("place", ["", "/v1/legacy"])


async def asked(house: House, path: str, at: str | None = TEN, token: str | None = None) -> httpx.Response:
    return await house.ask("GET", path, token=token, params={} if at is None else {"at": at})


@PLACES
async def test_c047_unknown_people_and_words_for_numbers_are_not_found(s1: House, place: str) -> None:
    fields = ("available", "duration", "hours-this-week", "hours-planned-week", "contract-hours",
              "hours-achieved", "hours-remaining")  # fmt: skip
    for number in ("999", "abc", "1.5", "-1", "9" * 30, "٣"):
        for field in fields:
            answer = await asked(s1, f"{place}/crew/{number}/{field}")
            assert (answer.status_code, answer.json()) == (404, {"error": "Not found"}), (number, field)
    for field in ("available", "duration"):
        answer = await asked(s1, f"{place}/appliances/P99P9/{field}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})
    assert (await asked(s1, "/v1/crew/abc/availability")).status_code in {404, 422}


@PLACES
async def test_c075_a_crew_that_does_not_do_is_not_available(s1: House, place: str) -> None:
    body = {}
    for field in ("available", "duration"):
        for clock in ("05", "07"):
            answer = await asked(s1, f"{place}/appliances/P22P6/{field}", f"2026-03-05T{clock}:00:00Z")
            body[field, clock] = answer.json()
    assert body == {
        ("available", "05"): False,
        ("duration", "05"): None,
        ("available", "07"): True,
        ("duration", "07"): "2.00h",
    }


@pytest.mark.parametrize(
    ("minutes", "written"), [(60, "1.00h"), (90, "1.50h"), (45, "0.75h"), (0, None), (-5, None)]
)
def test_c100_durations_have_two_decimals(minutes: int, written: str | None) -> None:
    assert duration(minutes) == written


@PLACES
async def test_c100_durations_are_of_whole_minutes(s1: House, place: str) -> None:
    for at, written in (
        ("2026-03-05T10:30:00Z", "1.50h"),
        ("2026-03-05T11:15:00Z", "0.75h"),
        ("2026-03-05T11:00:01Z", "0.98h"),  # 59 whole minutes
        ("2026-03-05T11:59:30Z", None),
        ("2026-03-05T12:30:00Z", None),
    ):
        assert (await asked(s1, f"{place}/crew/2/duration", at)).json() == written, at


@PLACES
async def test_everybody_is_listed_once_by_name(s1: House, place: str) -> None:
    answer = await asked(s1, f"{place}/crew")
    assert answer.status_code == 200
    people = answer.json()
    assert [one["name"].split(",")[0] for one in people] == ["ALDER", "BIRCH", "CEDAR", "DOGWOOD", "ELDER"]
    assert people[1] == {
        "id": 2, "name": "BIRCH, KE", "role": "FFC", "skills": "BA LGV", "contract_hours": "91",
        "end_time": "Thu, 05 Mar 2026 12:00:00 GMT", "available": True, "duration": "2.00h",
        "end_time_display": "12:00 on 05/03/2026",
    }  # fmt: skip
    off = people[0]
    assert (off["available"], off["end_time"], off["duration"], off["end_time_display"]) == (
        False, None, None, None,
    )  # fmt: skip


async def test_an_answer_says_as_of_when_it_is_and_what_to_use(s1: House) -> None:
    answer = await asked(s1, "/crew/2/available")
    assert answer.json() is True
    assert answer.headers["x-data-as-of"] == "2026-03-05T09:58:11Z"
    assert answer.headers["deprecation"] == "@1795305600"
    assert answer.headers["link"] == '</v1/crew/2/availability>; rel="successor-version"'
    missing = await asked(s1, "/crew/999/available")
    assert "deprecation" in missing.headers


async def test_what_is_not_known_is_false_or_null(s1: House) -> None:
    later = "2026-04-05T10:00:00Z"
    assert (await asked(s1, "/crew/2/available", later)).json() is False
    assert (await asked(s1, "/crew/2/duration", later)).json() is None
    assert (await asked(s1, "/appliances/P22P6/available", later)).json() is False
    assert (await asked(s1, "/appliances/P22P6/duration", later)).json() is None
    listed = (await asked(s1, "/crew", later)).json()
    assert {(one["available"], one["duration"]) for one in listed} == {(False, None)}


async def test_hours_are_those_of_the_week(s1: House) -> None:
    bodies = {
        field: (await asked(s1, f"/crew/1/{field}")).json()
        for field in ("hours-this-week", "hours-planned-week", "contract-hours", "hours-achieved",
                      "hours-remaining")
    }  # fmt: skip
    whole = {
        "hours_planned_week": 16.0, "hours_achieved": 9.0, "hours_this_week": 9.0, "hours_remaining": 52.0,
        "contract_hours": "61",
    }  # fmt: skip
    assert bodies["hours-this-week"] == whole
    for field, name in (
        ("hours-planned-week", "hours_planned_week"), ("contract-hours", "contract_hours"),
        ("hours-achieved", "hours_achieved"), ("hours-remaining", "hours_remaining"),
    ):  # fmt: skip
        assert bodies[field] == {name: whole[name]}


async def test_who_is_not_known_is_told_so_and_not_led_elsewhere(s1: House) -> None:
    for path in ("/crew", "/crew/1/available", "/station/now", "/fetch_status", "/v1/legacy/crew"):
        async with s1.http(None) as http:
            answer = await http.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_authenticated"


async def test_a_wrong_method_is_405_and_health_stays_ours(s1: House) -> None:
    assert (await s1.ask("POST", "/crew")).status_code == 405
    assert (await s1.ask("GET", "/retrieve_more")).status_code == 405
    assert (await s1.ask("GET", "/health")).json()["status"]
    assert (await s1.ask("GET", "/crew", params={"limit": 1})).status_code == 422


async def test_a_caller_of_another_station_finds_nobody(s1: House) -> None:
    foreign = await s1.token("crew:read", sites=["P23"])
    assert (await asked(s1, "/crew", token=foreign)).json() == []
    for path in ("/crew/1/available", "/appliances/P22P6/available"):
        assert (await asked(s1, path, token=foreign)).status_code == 404


async def test_a_house_that_follows_nothing_reads_nothing_more(s1: House) -> None:
    assert (await s1.ask("POST", "/retrieve_more")).json() == {"error": "Not found"}
    assert (await s1.ask("GET", "/station/now")).status_code == 404
    assert (await s1.ask("GET", "/fetch_status")).json() == {"in_progress": False, "error": None}
    reader = await s1.token("crew:read")
    assert (await s1.ask("POST", "/retrieve_more", token=reader)).status_code == 403


async def test_more_is_read_once_at_a_time(database_url: str) -> None:
    async with GartanServer(CREW) as server, following(database_url, server) as house:
        first = await house.ask("POST", "/retrieve_more")
        assert (first.status_code, first.json()) == (
            200, {"status": "ok", "message": "Fetch started for 7 days"},
        )  # fmt: skip
        assert (await house.ask("GET", "/fetch_status")).json() == {"in_progress": True, "error": None}
        again = await house.ask("POST", "/v1/legacy/retrieve_more")
        assert (again.status_code, again.json()) == (
            400, {"status": "error", "message": "Fetch already in progress"},
        )  # fmt: skip
        await house.sql("UPDATE muster.run SET state = 'cancelled'")
        await synced(house, dates=[today()])
        known = await house.ask("POST", "/retrieve_more")
        assert known.json()["message"] == "Fetch started for 8 days"  # today is known by now


@pytest.mark.parametrize("shape", [1, 2])
async def test_the_display_is_shown_in_both_shapes(database_url: str, shape: Literal[1, 2]) -> None:
    config = GartanConfig(display=shape)
    async with GartanServer(CREW, config) as server, following(database_url, server) as house:
        await synced(house, dates=[today()])
        answer = await house.ask("GET", "/station/now")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        if shape == 1:
            parts = ["time", "date", "station", "crewing_summary", "available_firefighters"]
            assert list(shown) == parts
        else:
            assert shown
            assert all(one in ({"availability": True}, {"availability": False}) for one in shown.values())
        assert datetime.fromisoformat(answer.headers["x-data-as-of"]).utcoffset() is not None


async def test_a_display_that_cannot_be_read_has_failed(database_url: str) -> None:
    async with GartanServer(CREW) as server, following(database_url, server) as house:
        server.faults.add(not_json(), "display")
        await synced(house, dates=[today()])
        answer = await house.ask("GET", "/station/now")
    assert (answer.status_code, answer.json()) == (502, {"error": "Failed"})
