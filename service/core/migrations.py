"""Brings a database to the newest schema; finds the migrations in a checkout and inside the wheel."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from service.core.database import Database

VERSION_SCHEMA = "muster"
HIDDEN_TABLES = frozenset(
    {
        "alembic_version",
        "pgqueuer",
        "pgqueuer_log",
        "pgqueuer_statistics",
        "pgqueuer_schedules",
        "pgqueuer_meta",
    }
)
PARTITIONED = "audit_"
"""Tables of `muster` that begin so are partitions: made by month, and no part of the models."""
_SERVICE = Path(__file__).parent.parent
# Two processes that start together must not migrate at the same time: one waits for the other.
_LOCK = 0x6D757374


def configuration() -> Config:
    """Alembic's configuration for this installation."""
    inside_wheel = _SERVICE / "alembic.ini"
    return Config(str(inside_wheel if inside_wheel.exists() else _SERVICE.parent / "alembic.ini"))


async def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade `database` to `revision` (default the newest); several callers wait for each other."""
    await _run(database, lambda config: command.upgrade(config, revision))


async def downgrade(database: Database, revision: str) -> None:
    """Take migrations back to `revision`; `base` empties the database."""
    await _run(database, lambda config: command.downgrade(config, revision))


async def is_current(database: Database) -> bool:
    """Whether the database stands at the newest migration."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_revision) == _head()


@cache
def _head() -> str | None:
    """The newest migration of this installation; finding it executes every migration's module."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def _revision(connection: Connection) -> str | None:
    options = {"version_table_schema": VERSION_SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


async def _run(database: Database, action: Any) -> None:
    config = configuration()
    async with database.engine.connect() as guard, database.engine.connect() as connection:
        await guard.exec_driver_sql("SET statement_timeout = 0")
        await guard.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
        await guard.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        await connection.exec_driver_sql("SET statement_timeout = 0")
        await connection.commit()
        config.attributes["connection"] = None

        def act(sync_connection: Connection) -> None:
            config.attributes["connection"] = sync_connection
            action(config)

        await connection.run_sync(act)
        await connection.exec_driver_sql("RESET statement_timeout")
        await guard.exec_driver_sql("RESET ALL")
