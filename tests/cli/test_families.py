"""The demo's families: three people whose passwords are the same at each start."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pwdlib import PasswordHash

from service.cli.families import PEOPLE, settle_families, tell_people
from service.simulators.families import PARENT, PROFESSIONAL
from tests.children.house import House, open_house


async def test_families_come_once_with_passwords_that_stay(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second start makes nothing and tells the same; another home sets passwords of its own."""
    async with open_house(database_url, settled=False) as house:
        first = await settle_families(house.runtime, tmp_path / "home", 4)
        assert "made up 3 families with 4 children" in capsys.readouterr().err
        again = await settle_families(house.runtime, tmp_path / "home", 4)
        assert again == first
        assert "made up" not in capsys.readouterr().err
        other = await settle_families(house.runtime, tmp_path / "other", 4)
        assert set(other.values()).isdisjoint(first.values())
        kept = dict(
            await house.sql(
                "SELECT email, hashed_password FROM muster.auth_users WHERE hashed_password <> ''"
            )
        )
        assert set(kept) == set(PEOPLE)
        assert PasswordHash.recommended().verify(
            other["parent@families.example"], kept["parent@families.example"]
        )
        [(children,)] = await house.sql("SELECT count(*) FROM children.children")
        assert children == 4
        await _reports_hold(house, other)
    tell_people(first, "http://muster.test", Path(".muster/outbox"))
    said = capsys.readouterr().out
    assert all(email in said and password in said for email, password in first.items())
    assert ".muster/outbox" in said


async def _reports_hold(house: House, passwords: Mapping[str, str]) -> None:
    """The parent reads what is sealed and two published reports that verify; the draft is its writers'."""
    async with await _signed_in(house, PARENT, passwords) as http:
        [child] = [one for one in await _items(http, "/v1/children") if one["name"].startswith("Ada ")]
        place = f"/v1/children/{child['id']}"
        known = (await http.get(place)).json()
        assert known["emergency_contacts"][0]["phone"].startswith("+39 02 ")
        assert known["safety_protocols"]["medications"] == ["Melatonin 1 mg in the evening"]
        listed = await _items(http, f"{place}/reports")
        assert [one["status"] for one in listed] == ["published", "published"]
        for one in listed:
            report = (await http.get(f"/v1/children/reports/{one['id']}")).json()
            assert report["intact"] is True
            assert report["figures"]["sessions"] > 0
            assert report["author"]["id"] != report["approver"]["id"]
            assert await _items(http, f"/v1/children/reports/{one['id']}/changes") == []
    async with await _signed_in(house, PROFESSIONAL, passwords) as http:
        statuses = [one["status"] for one in await _items(http, f"{place}/reports")]
        assert statuses == ["draft", "published", "published"]


async def _signed_in(house: House, email: str, passwords: Mapping[str, str]) -> httpx.AsyncClient:
    async with house.http() as http:
        shown = {"username": email, "password": passwords[email]}
        answer = await http.post("/v1/access/token", data=shown)
    assert answer.status_code == 200, answer.text
    return house.http(token=answer.json()["access_token"])


async def _items(http: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
