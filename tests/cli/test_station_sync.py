"""Fire stations from the command line: reading their grids from Gartan."""

import json
from collections.abc import Iterator

import pytest

from service.simulators.gartan import GartanServer, GeneratorConfig, generate
from tests.cli.conftest import Command


@pytest.fixture
def site() -> Iterator[GartanServer]:
    """Two simulated stations."""
    server = GartanServer(generate(GeneratorConfig(stations=2, people=3)))
    server.open()
    yield server
    server.close()


def following(muster: Command, site: GartanServer, password: str = "demo") -> Command:
    stations = [{"code": one.code, "brigade_id": one.brigade_id} for one in site.plan.stations]
    prefix = "MUSTER_UPSTREAM__GARTAN__"
    given = {
        f"{prefix}URL": site.url,
        f"{prefix}USERNAME": "demo",
        f"{prefix}PASSWORD": password,
        f"{prefix}STATIONS": json.dumps(stations),
        f"{prefix}SPACING": "0",
    }
    return Command(muster.capsys, {**muster.environment, **given})


def test_stations_are_read_one_after_the_other(muster: Command, site: GartanServer) -> None:
    said = following(muster, site)("sync", "crew", "--date", "2026-03-05", "--date", "2026-03-06")
    assert said.code == 0
    assert said.err.count("crew.sync done in") == 2
    assert {str(day) for day in site.requests.fetches(101)} == {"2026-03-05", "2026-03-06"}
    one = following(muster, site)("sync", "crew", "P23", "--date", "2026-03-05", "--force")
    assert (one.code, json.loads(one.out)["days"]) == (0, [{"date": "2026-03-05", "state": "unchanged"}])


def test_a_refused_login_is_said_and_not_repeated(muster: Command, site: GartanServer) -> None:
    said = following(muster, site, "wrong")("sync", "crew")
    assert said.code == 1
    assert "user or password are wrong" in said.err
    assert "unlock the station" in said.err
    assert site.requests.logins == 1


def test_without_stations_it_says_what_to_set(muster: Command) -> None:
    said = muster("sync", "crew")
    assert said.code == 1
    assert "MUSTER_UPSTREAM__GARTAN__STATIONS" in said.err
