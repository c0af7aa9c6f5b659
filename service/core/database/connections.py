"""What statements run on: a connection for reading or writing, and the tables' common ground."""

from collections.abc import Callable
from typing import Final, NewType

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import DeclarativeBase

ReadConnection = NewType("ReadConnection", AsyncConnection)
WriteConnection = NewType("WriteConnection", ReadConnection)

AWAY: Final = (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a question to the database may raise while it is away. What the server says to who connects (it
starts, it stops, it is full) comes as the driver's own error."""
AFTER_COMMIT: Final = "muster_after_commit"


class Base(DeclarativeBase):
    """All tables; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def orm(conn: ReadConnection) -> AsyncSession:
    """An ORM session over a connection, for browsing entities with explicit eager loading."""
    return AsyncSession(bind=conn, expire_on_commit=False, autoflush=False)


def after_commit(conn: WriteConnection, hook: Callable[[], None]) -> None:
    """Run `hook` once this `write()` has committed; never when it rolled back."""
    conn.info[AFTER_COMMIT].append(hook)
