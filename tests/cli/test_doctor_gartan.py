"""`muster doctor` and the fire stations: what it says of one that can be read, and of each thing that is wrong."""

import json
from collections.abc import Iterator

import pytest

from service.simulators.gartan import GartanServer
from tests.cli.conftest import Command

STATIONS = json.dumps([{"code": "P22", "brigade_id": 101}])


@pytest.fixture
def site() -> Iterator[GartanServer]:
    """A site with one station."""
    server = GartanServer()
    server.open()
    yield server
    server.close()


def asking(muster: Command, url: str, **more: str) -> Command:
    given = {
        "MUSTER_UPSTREAM__GARTAN__URL": url,
        "MUSTER_UPSTREAM__GARTAN__USERNAME": "demo",
        "MUSTER_UPSTREAM__GARTAN__PASSWORD": "demo",
        "MUSTER_UPSTREAM__GARTAN__STATIONS": STATIONS,
        "MUSTER_UPSTREAM__GARTAN__SPACING": "0",
        "MUSTER_UPSTREAM__GARTAN__RETRIES": "0",
    }
    return Command(muster.capsys, {**muster.environment, **given, **more})


def lines(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("stations: ")]


def test_a_station_that_can_be_read_is_well(muster: Command, site: GartanServer) -> None:
    said = asking(muster, site.url)("doctor")
    [line] = lines(said.out)
    assert said.code == 0
    assert line.startswith("stations: well: P22: signed in; today's grid has 12 people, P22P6, ")
    names = {one.name for one in site.plan.stations[0].crew}
    assert not any(name in said.out for name in names)


def test_a_wrong_password_and_a_brigade_that_is_not_there(muster: Command, site: GartanServer) -> None:
    said = asking(muster, site.url, MUSTER_UPSTREAM__GARTAN__PASSWORD="another-secret")("doctor")
    [line] = lines(said.out)
    assert (said.code, line.startswith("stations: WRONG: P22: ")) == (1, True)
    assert "another-secret" not in said.out
    assert site.requests.logins == 1
    refused = asking(muster, site.url, MUSTER_UPSTREAM__GARTAN__PASSWORD="another-secret")
    assert refused("sync", "crew").code == 1
    assert site.requests.logins == 2
    [line] = lines(refused("doctor").out)  # the sync has locked the station: nobody knocks again
    assert "were refused at" in line
    assert site.requests.logins == 2
    elsewhere = json.dumps([{"code": "P22", "brigade_id": 7}])
    said = asking(muster, site.url, MUSTER_UPSTREAM__GARTAN__STATIONS=elsewhere)("doctor")
    [line] = lines(said.out)
    assert (said.code, line.startswith("stations: WRONG: P22: ")) == (1, True)


def test_a_site_that_does_not_answer_and_none_at_all(muster: Command) -> None:
    said = asking(muster, "http://127.0.0.1:9/")("doctor")
    [line] = lines(said.out)
    assert (said.code, line.startswith("stations: WRONG: P22: ")) == (1, True)
    assert lines(muster("doctor").out)[0].startswith("stations: none are followed")
