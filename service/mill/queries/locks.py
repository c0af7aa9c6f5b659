"""What must not happen at once: two imports of a kind, a file published while a plan takes its snapshot, a
decision about advice while a new plan takes over what was decided.

An import holds its kind until it has committed; a starting plan holds all kinds together, shared with other
plans, until its snapshot is taken (spec E.11).
"""

from collections.abc import Iterable

from sqlalchemy import text

from service.core.database import ReadConnection, WriteConnection
from service.mill.rules.sources import KINDS

_IMPORTING = text("SELECT pg_advisory_xact_lock(hashtextextended('mill/import/' || :kind, 0))")
_PUBLISHING = text("SELECT pg_advisory_xact_lock(hashtextextended('mill/publish/' || :kind, 0))")
_DECIDING = text("SELECT pg_advisory_xact_lock(hashtextextended('mill/decide', 0))")
_PLANNING = text("""
    SELECT pg_advisory_xact_lock_shared(hashtextextended('mill/publish/' || kind, 0))
    FROM unnest(CAST(:kinds AS text[])) AS one (kind)
""")


async def lock_import(conn: WriteConnection, kind: str) -> None:
    """Wait for another import of this kind, and hold it to the end of the transaction."""
    await conn.execute(_IMPORTING, {"kind": kind})


async def lock_publishing(conn: WriteConnection, kind: str) -> None:
    """Wait for plans that take their snapshot; those that come later wait for this transaction."""
    await conn.execute(_PUBLISHING, {"kind": kind})


async def lock_starting_plan(conn: ReadConnection, kinds: Iterable[str] = KINDS) -> None:
    """Wait for files that are being published, before the snapshot of a plan is taken."""
    await conn.execute(_PLANNING, {"kinds": sorted(kinds)})


async def lock_decisions(conn: WriteConnection) -> None:
    """Wait for who decides about advice, or hands it on to a new plan, and hold it to the end.

    Without it a decision made while a plan is being written would be in neither what the plan took over nor
    what the decision finds to be decided later.
    """
    await conn.execute(_DECIDING)
