"""The demo's fire stations: two of them, with weeks behind them and two ahead, the same after a restart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from service.cli.demo import MadeUp, made_up_of
from service.cli.stations import (
    PLANNED_AHEAD,
    contact_of,
    followed_stations,
    looks_back,
    settle_stations,
    settling,
    tell_stations,
)
from service.core.settings import Settings
from service.simulators.gartan import GeneratorConfig, Plan, generate
from tests.crew.house import House, open_house

DAYS = 2


_DAYS = "SELECT count(*) FILTER (WHERE known_to IS NULL), count(*) FROM crew.day_version"


@asynccontextmanager
async def followed_house(database_url: str) -> AsyncIterator[tuple[House, Plan]]:
    """The running application that follows the demo's stations."""
    settings = Settings.model_validate({"secret_keys": ["k" * 32]})
    async with (
        followed_stations(settings, 0) as (known, plan),
        open_house(database_url, upstream=known.upstream.model_dump()) as house,
    ):
        yield house, plan


async def test_the_weeks_before_come_once_and_what_is_ahead_is_followed(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    async with followed_house(database_url) as (house, plan):
        await settle_stations(house.runtime, plan, now, DAYS)
        assert "fire stations P22 and P23: " in capsys.readouterr().err
        [(days, looks)] = await house.sql(_DAYS)
        assert days >= 2 * (DAYS + 14)
        assert looks > days  # what was booked later has superseded something
        board = await house.get("/v1/crew", station="P22", limit=50)
        assert len(board["items"]) == 12
        assert board["available"] + board["unavailable"] == 12
        earlier = (now - PLANNED_AHEAD - timedelta(days=1)).isoformat()
        before = await house.get("/v1/crew", station="P22", known_at=earlier, limit=50)
        assert before["available"] + before["unavailable"] == 0
        assert (await house.get("/v1/crew/changes", station="P23"))["items"]
        contact = await house.get(f"/v1/crew/{board['items'][0]['crew_id']}/contact")
        assert contact["phone"].startswith("+44 7700 900")
        assert contact["email"].endswith("@example.org")

        await settle_stations(house.runtime, plan, now, DAYS)
        assert "fire stations" not in capsys.readouterr().err
        assert [tuple(row) for row in await house.sql(_DAYS)] == [(days, looks)]


async def test_stopping_at_once_is_quiet(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async with followed_house(database_url) as (house, plan):
        for known in (plan, None):
            async with settling(house.runtime, known):
                pass
        assert "fire stations" not in capsys.readouterr().err


def test_each_day_is_looked_at_ahead_of_it_and_once_more_when_it_is_over() -> None:
    [station] = generate(GeneratorConfig(1, 6)).stations
    now = datetime(2026, 3, 30, 12, tzinfo=UTC)
    looks = looks_back(station, now, 3)
    assert [one.at for one in looks] == sorted(one.at for one in looks)
    of_day = [one.at for one in looks if one.day == date(2026, 3, 29)]
    # 06:15 before the clocks changed, 00:45 after.
    assert of_day == [datetime(2026, 3, 26, 6, 15, tzinfo=UTC), datetime(2026, 3, 29, 23, 45, tzinfo=UTC)]
    assert {one.day for one in looks if one.at > now} == set()
    assert max(one.day for one in looks) == date(2026, 4, 2)


def made_up(*, wanted: bool = True, **groups: object) -> MadeUp:
    settings = Settings.model_validate({"secret_keys": ["k" * 32], **groups})
    no = not wanted
    return made_up_of(settings, 48, no_children=no, no_crew=no, no_mill=no)


def test_all_is_made_up_unless_the_flag_the_setting_or_the_desk_says_no() -> None:
    nothing = MadeUp(0, stations=False, mill=False)
    assert made_up() == MadeUp(48, stations=True, mill=True)
    assert made_up(wanted=False) == nothing
    assert made_up(crew={"demo": False}, children={"demo": False}, mill={"demo": False}) == nothing
    assert made_up(desks=["attendance"]) == nothing
    assert made_up(desks=["mill"]) == MadeUp(0, stations=False, mill=True)


def test_where_the_stations_show_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_stations(generate(GeneratorConfig(2, 4)), "http://muster.test")
    said = capsys.readouterr().out
    assert "http://muster.test/v1/crew/board" in said
    assert "http://muster.test/v1/crew/reports/off-the-run?station=P22&format=html" in said


def test_contacts_lead_nowhere() -> None:
    assert contact_of(7, "ALDER, JO", "WC") == {
        "phone": "+44 7700 900007",
        "email": "jo.alder@example.org",
        "position": "WC",
    }
