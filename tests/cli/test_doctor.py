"""`muster doctor` and the upstream: each thing that can be wrong, with what to do about it."""

from collections.abc import Iterator

import pytest

from service.simulators.frappe import ApiKey, FrappeConfig, FrappeServer, Store
from service.simulators.frappe.run import Simulation, fill
from tests.cli.conftest import Command

ZONE = "America/Mexico_City"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A small firm."""
    made = Store(tmp_path_factory.mktemp("frappe") / "site.sqlite", zone=ZONE)
    fill(made, Simulation(people=12, days=10, zone=ZONE))
    yield made
    made.close()


@pytest.fixture
def site(store: Store) -> Iterator[FrappeServer]:
    """A site that knows one key with all rights."""
    server = FrappeServer(store, FrappeConfig(profile="v15"))
    server.open()
    yield server
    server.close()


def asking(muster: Command, url: str, **more: str) -> Command:
    given = {
        "MUSTER_UPSTREAM__FRAPPE__URL": url,
        "MUSTER_UPSTREAM__FRAPPE__KEY": "demo",
        "MUSTER_UPSTREAM__FRAPPE__SECRET": "demo",
        "MUSTER_UPSTREAM__FRAPPE__TIME_ZONE": ZONE,
    }
    return Command(muster.capsys, {**muster.environment, **given, **more})


def wrong(said: str) -> list[str]:
    return [line for line in said.splitlines() if ": WRONG: " in line]


def test_a_site_that_can_be_read_is_well(muster: Command, site: FrappeServer) -> None:
    said = asking(muster, site.url)("doctor")
    assert (said.code, wrong(said.out)) == (0, [])
    assert "12 Employee can be read" in said.out
    assert f"time zone is {ZONE}" in said.out


def test_a_wrong_secret(muster: Command, site: FrappeServer) -> None:
    said = asking(muster, site.url, MUSTER_UPSTREAM__FRAPPE__SECRET="another-secret")("doctor")
    assert said.code == 1
    assert len(wrong(said.out)) == 1
    assert "SECRET" in wrong(said.out)[0].upper()
    assert "another-secret" not in said.out


def test_a_wrong_time_zone_names_the_right_one(muster: Command, site: FrappeServer) -> None:
    said = asking(muster, site.url, MUSTER_UPSTREAM__FRAPPE__TIME_ZONE="Asia/Kolkata")("doctor")
    assert said.code == 1
    assert [f"MUSTER_UPSTREAM__FRAPPE__TIME_ZONE={ZONE}" in line for line in wrong(said.out)] == [True]


def test_nobody_there(muster: Command, site: FrappeServer) -> None:
    url = site.url
    site.close()
    said = asking(muster, url, MUSTER_UPSTREAM__FRAPPE__RETRIES="0")("doctor")
    assert (said.code, len(wrong(said.out))) == (1, 1)
    assert f"is {url} its address (MUSTER_UPSTREAM__FRAPPE__URL)" in wrong(said.out)[0]
    assert "database: well" in said.out


def test_a_document_type_that_may_not_be_read(muster: Command, store: Store) -> None:
    key = ApiKey("demo", "demo", readable=frozenset({"Employee", "Branch", "Company"}))
    server = FrappeServer(store, FrappeConfig(profile="v15", keys=(key,)))
    server.open()
    try:
        said = asking(muster, server.url)("doctor")
    finally:
        server.close()
    assert said.code == 1
    assert any("Employee Checkin" in line for line in wrong(said.out))
    assert "12 Employee can be read" in said.out


def test_rows_that_are_held_back(muster: Command, store: Store) -> None:
    key = ApiKey("demo", "demo", employees=frozenset({"HR-EMP-00001"}))
    server = FrappeServer(store, FrappeConfig(profile="v15", keys=(key,)))
    server.open()
    try:
        said = asking(muster, server.url)("doctor")
    finally:
        server.close()
    assert said.code == 1
    assert any("User Permissions" in line for line in wrong(said.out))
