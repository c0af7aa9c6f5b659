"""The embedded PostgreSQL from first start to the next: data, settings, access, refusals."""

import os
import shutil
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from service.core.embedded import EmbeddedError, EmbeddedPostgres, HomeInUse, running_url
from service.core.embedded.binaries import installation
from service.core.embedded.orphans import processes_in
from tests.support.ground import driver_url, sockets_of


@pytest.fixture
async def postgres() -> AsyncIterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(fast=True)
    yield made
    await made.stop()


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(driver_url(url))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_data_survive_a_restart(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    url = await postgres.start(tmp_path)
    await value(url, "CREATE TABLE kept AS SELECT 42 AS n")
    await postgres.stop()
    assert await running_url(tmp_path) is None
    assert await value(await postgres.start(tmp_path), "SELECT n FROM kept") == 42


async def test_a_home_with_spaces_quotes_and_a_long_path(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    home = tmp_path / "O'Brien & söhne, ltd" / ("long " * 40) / ".muster"
    assert await value(await postgres.start(home), "SELECT current_user") == "muster"


async def test_settings(tmp_path: Path) -> None:
    lasting = EmbeddedPostgres()
    url = await lasting.start(tmp_path)
    query = (
        "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name = ANY($1)"
    )
    connection = await asyncpg.connect(driver_url(url))
    wanted = ["TimeZone", "data_checksums", "fsync", "full_page_writes", "jit", "listen_addresses"]
    shown = await connection.fetchval(query, [*wanted, "max_connections", "password_encryption"])
    await connection.close()
    await lasting.stop()
    assert shown == (
        "TimeZone=UTC data_checksums=on fsync=on full_page_writes=on jit=off listen_addresses= "
        "max_connections=300 password_encryption=scram-sha-256"
    )


async def test_the_role_is_no_superuser_but_may_create_databases(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    url = await postgres.start(tmp_path)
    query = "SELECT ARRAY[rolsuper, rolcreaterole, rolcreatedb] FROM pg_roles WHERE rolname = current_user"
    assert await value(url, query) == [False, False, True]
    assert (
        await value(url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'muster'")
        == "muster"
    )


async def test_without_the_password_nobody_gets_in(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    url = await postgres.start(tmp_path)
    secret = url.split(":")[2].partition("@")[0]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await value(url.replace(secret, "guessed"), "SELECT 1")


async def test_nobody_else_can_read_what_lies_in_the_home(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    url = await postgres.start(tmp_path / "home")
    place = tmp_path / "home" / "postgres"
    sockets = sockets_of(url)
    open_to_others = stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH
    for path in (place, place / "data", place / "password", place / "url", sockets):
        assert not path.stat().st_mode & open_to_others, path


async def test_strings_sort_by_code_point_and_know_all_letters(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    url = await postgres.start(tmp_path)
    assert await value(url, "SELECT lower('ÉCOLE ÑANDÚ')") == "école ñandú"
    assert await value(
        url, "SELECT array_agg(x ORDER BY x) FROM unnest(ARRAY['b', 'é', 'B', 'a']) x"
    ) == list("Babé")


async def test_two_owners_are_refused_in_one_sentence(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    url = await postgres.start(tmp_path)
    with pytest.raises(HomeInUse) as refused:
        await EmbeddedPostgres().start(tmp_path)
    sentence = str(refused.value)
    assert str(tmp_path) in sentence
    assert f"process {os.getpid()}" in sentence
    assert "MUSTER_HOME" in sentence
    assert "\n" not in sentence
    assert await running_url(tmp_path) == url


async def test_starting_and_stopping_twice_is_fine(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    assert await postgres.start(tmp_path) == await postgres.start(tmp_path)
    await postgres.stop()
    await postgres.stop()
    assert not processes_in(tmp_path / "postgres" / "data")


async def test_what_it_made_in_the_temporary_directory_goes_with_it(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    url = await postgres.start(tmp_path)
    sockets = sockets_of(url)
    assert sockets.is_dir()
    await postgres.stop()
    assert not sockets.exists()


async def test_a_half_made_cluster_of_a_killed_first_start_is_made_anew(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    half = tmp_path / "postgres" / "data.new" / "base"
    half.mkdir(parents=True)
    (half / "1").write_text("half")
    assert await value(await postgres.start(tmp_path), "SELECT 1") == 1
    assert not half.exists()


async def test_damaged_data_are_told_in_one_sentence(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    await postgres.start(tmp_path)
    await postgres.stop()
    (tmp_path / "postgres" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError) as failed:
        await postgres.start(tmp_path)
    assert "\n" not in str(failed.value)
    assert "stopped at once" in str(failed.value)


async def test_a_home_that_cannot_be_made_is_told_in_one_sentence(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedError, match="choose another MUSTER_HOME"):
        await postgres.start(tmp_path / "file" / "home")


async def test_a_long_temporary_directory_does_not_matter(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("t" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert "host=/tmp/muster-" in await postgres.start(tmp_path / "home")


def test_the_binaries_are_found_without_an_import_of_their_package() -> None:
    prefix = installation()
    assert shutil.which("initdb", path=prefix / "bin")
