"""The runtime: everything opened in order, one owner of an embedded home, commands beside it."""

import asyncio
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from service.access.authenticator import open_authenticator
from service.core.embedded import HomeInUse
from service.core.runtime import NotMigrated, open_database, open_runtime, with_secrets
from service.core.settings import Settings


def given(url: str) -> Settings:
    return Settings.model_validate({"database": {"url": url}, "secret_keys": (SecretStr("k" * 32),)})


async def test_a_runtime_opens_works_and_closes_everything(database_url: str) -> None:
    before = asyncio.all_tasks()
    async with open_runtime(given(database_url), [], open_authenticator) as runtime:
        assert list(runtime.tasks.jobs) == ["platform.housekeeping"]
        row = await runtime.tasks.run_now("platform.housekeeping", {}, "test")
        assert (row.state, set(row.counts.values())) == ("done", {0})
        assert runtime.versions.trusted
    with pytest.raises(RuntimeError, match="not open"):
        async with runtime.database.read():
            pass
    assert not runtime.versions.trusted
    names = {task.get_name() for task in asyncio.all_tasks() - before}
    assert not {"cache_prune", "versions", "access listens", "access tidies"} & names


async def test_a_given_database_that_is_not_migrated_is_refused_in_one_sentence(
    empty_database_url: str,
) -> None:
    with pytest.raises(NotMigrated, match="muster migrate"):
        async with open_database(given(empty_database_url)):
            pass


async def test_a_database_that_is_away_raises_what_the_driver_says_and_leaves_nothing_open(
    database_url: str,
) -> None:
    away = database_url.replace("host=", "host=/nowhere")
    with pytest.raises(OSError, match="No such file"):
        async with open_database(given(away)):
            pass


async def test_commands_work_beside_the_owner_of_a_home_and_a_second_owner_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    async with open_runtime(settings, [], open_authenticator) as owner:
        with pytest.raises(HomeInUse, match="in use by process"):
            async with open_database(settings):
                pass
        async with open_runtime(settings, [], open_authenticator, beside_owner=True) as beside:
            async with beside.database.write() as conn:
                await conn.execute(text("INSERT INTO muster.data_version VALUES ('a/b', 7)"))
            assert beside.settings.secret_keys == owner.settings.secret_keys != ()
        async with owner.database.read() as conn:  # the owner's server runs on when the command is done
            query = text("SELECT version FROM muster.data_version WHERE scope = 'a/b'")
            assert (await conn.execute(query)).scalar_one() == 7
    async with open_database(settings, beside_owner=True) as (database, _), database.read() as conn:
        assert (await conn.execute(text("SELECT count(*) FROM muster.data_version"))).scalar_one() >= 1


def test_a_signing_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first, second = with_secrets(settings), with_secrets(settings)
    assert first.secret_keys == second.secret_keys
    assert len(first.secret_keys[0].get_secret_value()) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    chosen = Settings(home=tmp_path, secret_keys=(SecretStr("mine"),))
    assert with_secrets(chosen) is chosen
