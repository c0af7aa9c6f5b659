"""The demo's families: three people whose passwords are the same at each start."""

from pathlib import Path

import pytest
from pwdlib import PasswordHash

from service.cli.families import PEOPLE, settle_families, tell_people
from tests.children.house import open_house


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
    tell_people(first, "http://muster.test", Path(".muster/outbox"))
    said = capsys.readouterr().out
    assert all(email in said and password in said for email, password in first.items())
    assert ".muster/outbox" in said
