"""Made-up families written into the database: all of them in one transaction, or none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import text

from service.core.database import WriteConnection, copy_rows
from service.simulators.families import earned
from service.simulators.families.children import Born, Sealing, household
from service.simulators.families.people import adults
from service.simulators.families.plan import PARENT, Plan
from service.simulators.families.sessions import sessions
from service.simulators.families.writings import activities, assessments, notes

BATCH: Final = 10_000
"""Rows of one COPY: about a second's, where a statement may take thirty."""
_THERE = text("SELECT EXISTS (SELECT FROM muster.auth_users WHERE email = :email)")
_NEXT = text("SELECT nextval(CAST(:sequence AS regclass))")
_SET = text("SELECT setval(CAST(:sequence AS regclass), :last)")


@dataclass(frozen=True, slots=True)
class Settled:
    """What was made."""

    families: int
    children: int
    sessions: int


async def settle(conn: WriteConnection, plan: Plan, sealing: Sealing) -> Settled | None:
    """Write the families of a plan; None when made-up families are there already."""
    if (await conn.execute(_THERE, {"email": PARENT})).scalar_one():
        return None
    people = await _Ids.open(conn, "muster.auth_users")
    grown = adults(plan, people)
    await _copy(conn, "muster", "auth_users", grown.people)
    await _copy(conn, "muster", "professional_profiles", grown.profiles)
    await people.close(conn)
    numbers = await _Ids.open(conn, "children.children")
    made = household(plan, grown, numbers, sealing)
    for table, rows in made.tables().items():
        await _copy(conn, "children", table, rows)
    await numbers.close(conn)
    played = await _played(conn, plan, made.born)
    await earned.credit(conn, [child.id for child in made.born])
    return Settled(len(grown.families), len(made.born), played)


async def _played(conn: WriteConnection, plan: Plan, born: list[Born]) -> int:
    numbers = await _Ids.open(conn, "children.game_sessions")
    count = await _copy(conn, "children", "game_sessions", sessions(plan, born, numbers))
    await numbers.close(conn)
    numbers = await _Ids.open(conn, "children.activities")
    await _copy(conn, "children", "activities", activities(plan, born, numbers))
    await numbers.close(conn)
    await _copy(conn, "children", "progress_notes", notes(plan, born))
    await _copy(conn, "children", "assessments", assessments(plan, born))
    return count


async def _copy(conn: WriteConnection, schema: str, table: str, rows: Iterable[Any]) -> int:
    """COPY named tuples, whose fields are the columns, in batches that end within a statement's time."""
    source = iter(rows)
    count = 0
    while batch := list(islice(source, BATCH)):
        count += await copy_rows(conn, table, batch[0]._fields, batch, schema=schema)
    return count


class _Ids(Iterator[int]):
    """Numbers of new rows, from where a table's own numbering is; given back with `close`."""

    def __init__(self, sequence: str, first: int) -> None:
        self._sequence = sequence
        self._next = first

    @classmethod
    async def open(cls, conn: WriteConnection, table: str) -> "_Ids":
        # Nobody else may number rows meanwhile: numbers are taken by the hundred thousand.
        await conn.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
        sequence = f"{table}_id_seq"
        first = (await conn.execute(_NEXT, {"sequence": sequence})).scalar_one()
        return cls(sequence, first)

    def __next__(self) -> int:
        self._next += 1
        return self._next - 1

    async def close(self, conn: WriteConnection) -> None:
        """Let the table number on after them."""
        await conn.execute(_SET, {"sequence": self._sequence, "last": self._next - 1})
