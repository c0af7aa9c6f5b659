"""Alembic's entry: over the connection the service hands in, or over MUSTER_DATABASE__URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

from service.core.database import Base, Database
from service.core.migrations import HIDDEN_TABLES, PARTITIONED, VERSION_SCHEMA
from service.core.settings import load_settings
from service.desks import load_tables

load_tables()


def shown(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Whether autogenerate looks at this; the job engine keeps its own tables, the audit its partitions."""
    return not (
        kind == "table" and name is not None and (name in HIDDEN_TABLES or name.startswith(PARTITIONED))
    )


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection, one transaction each."""
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {VERSION_SCHEMA}"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table_schema=VERSION_SCHEMA,
        include_schemas=True,
        include_object=shown,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_settings() -> None:
    """`alembic upgrade head` typed by hand."""
    settings = load_settings()
    if settings.database.url is None:
        raise SystemExit("set MUSTER_DATABASE__URL, or use `muster migrate` for the embedded database")
    database = Database(settings.database.url.get_secret_value(), settings.database)
    await database.open()
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(migrate)
    finally:
        await database.close()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_by_settings())
