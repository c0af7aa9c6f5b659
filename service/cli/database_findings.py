"""What doctor finds at the database: its version and schema, room for the pool, the other addresses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from pydantic import SecretStr

from service.cli.words import database_sentence
from service.core.database import Database, ReadConnection
from service.core.errors import ServiceError
from service.core.findings import Finding
from service.core.runtime import open_database
from service.core.settings import Settings

_OLDEST = 150_000
"""PostgreSQL 15, in the form of server_version_num."""
_APART = 5.0
"""Seconds that clocks may differ: what a person does within them is not told apart by any rule of ours."""
_ALLOWED = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""


async def database_findings(settings: Settings) -> list[Finding]:
    """One finding for the database, one for the room it has, one for each further address."""
    found: list[Finding] = []
    try:
        async with open_database(settings, beside_owner=True) as (database, _), database.read() as conn:
            found += [await _server(conn, settings), await _room(conn, settings), await _clock(conn)]
    except Exception as error:
        found.append(_refused("database", error))
    for name, url in (
        ("DIRECT_URL", settings.database.direct_url),
        ("READ_URL", settings.database.read_url),
    ):
        if url is not None:
            found.append(await _answers(name, url, settings))
    return found


async def _server(conn: ReadConnection, settings: Settings) -> Finding:
    version = (await conn.exec_driver_sql("SHOW server_version")).scalar_one()
    number = int((await conn.exec_driver_sql("SHOW server_version_num")).scalar_one())
    if number < _OLDEST:
        return Finding("version", False, f"PostgreSQL {version} is too old; 15 or newer is needed")
    kind = "embedded" if settings.database.url is None else "given"
    return Finding("database", True, f"{kind}, PostgreSQL {version}, at the newest schema")


async def _clock(conn: ReadConnection) -> Finding:
    """Whether its clock is ours: keys expire by the one, cursors and alerts by the other."""
    asked = datetime.now(UTC)
    theirs: datetime = (await conn.exec_driver_sql("SELECT clock_timestamp()")).scalar_one()
    answered = datetime.now(UTC)
    apart = (theirs - asked - (answered - asked) / 2).total_seconds()
    if abs(apart) <= _APART + (answered - asked).total_seconds():
        return Finding("clock", True, "its clock is that of this machine")
    word = "ahead of" if apart > 0 else "behind"
    return Finding("clock", False, f"its clock is {abs(apart):.0f} s {word} this machine's; set both by NTP")


async def _room(conn: ReadConnection, settings: Settings) -> Finding:
    """Whether the server lets all pools open all their connections; a pooler between has its own limits."""
    chosen = settings.database
    needed = (chosen.pool_size + chosen.max_overflow) * settings.workers
    allowed = int((await conn.exec_driver_sql(_ALLOWED)).scalar_one())
    said = f"up to {needed} connections of {settings.workers} process{'es' if settings.workers > 1 else ''}"
    if needed <= allowed or not chosen.statement_cache:
        return Finding("room", True, f"{said}, the server allows {allowed}")
    return Finding(
        "room",
        False,
        f"{said}, the server allows {allowed}; lower MUSTER_DATABASE__POOL_SIZE or …__MAX_OVERFLOW, or raise "
        "max_connections",
    )


async def _answers(name: str, url: SecretStr, settings: Settings) -> Finding:
    setting = f"MUSTER_DATABASE__{name}"
    try:
        async with _opened(url, settings) as conn:
            behind = (await conn.exec_driver_sql("SELECT pg_is_in_recovery()")).scalar_one()
    except Exception as error:
        return _refused(setting, error)
    return Finding(name, True, f"{setting} answers{', a replica' if behind else ''}")


@asynccontextmanager
async def _opened(url: SecretStr, settings: Settings) -> AsyncIterator[ReadConnection]:
    database = Database(url.get_secret_value(), settings.database.model_copy(update={"read_url": None}))
    await database.open()
    try:
        async with database.read() as conn:
            yield conn
    finally:
        await database.close()


def _refused(name: str, error: Exception) -> Finding:
    if isinstance(error, ServiceError):
        return Finding(name, False, error.detail)
    sentence = database_sentence(error)
    if sentence is None:
        raise error
    return Finding(name, False, sentence.replace("MUSTER_DATABASE__URL", name) if "__" in name else sentence)
