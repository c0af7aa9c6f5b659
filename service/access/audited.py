"""Reading the audit, and keeping it: its statements and its partitions by month."""

from datetime import date
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Select, cast, func, or_, select, text

from service.access.models import Audit
from service.core.database import WriteConnection
from service.core.paging import SortKey
from service.schemas.audit import AuditAsk

_ORDERED = Audit.__table__.c
ORDER: Final = (SortKey("at", _ORDERED.at, descending=True), SortKey("id", _ORDERED.id, descending=True))
_SHOWN: Final = (
    Audit.id,
    Audit.at,
    Audit.who,
    Audit.what,
    Audit.subject,
    Audit.before,
    Audit.after,
    Audit.request_id,
    Audit.actor_user_id,
    Audit.child_id,
    Audit.child_ids,
    Audit.outcome,
    Audit.deny_code,
    Audit.purpose,
    Audit.network,
    Audit.user_agent_hash,
    Audit.changed_fields,
)


def entries(ask: AuditAsk) -> Select[tuple[object, ...]]:
    """The rows that are asked for, to be narrowed to a page by `ORDER`."""
    statement = select(*_SHOWN)
    for column, wanted in (
        (Audit.subject, ask.subject),
        (Audit.who, ask.who),
        (Audit.actor_user_id, ask.actor),
        (Audit.outcome, ask.outcome),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if ask.what is not None:
        word = ask.what.removesuffix("*")
        same = Audit.what == word if word == ask.what else Audit.what.startswith(word, autoescape=True)
        statement = statement.where(same)
    if ask.child_id is not None:
        # Each side walks an index of its own: (child_id, at) and the lists of children.
        among = Audit.child_ids.contains(cast([ask.child_id], ARRAY(BigInteger)))
        statement = statement.where(or_(Audit.child_id == ask.child_id, among))
    if ask.from_ is not None:
        statement = statement.where(Audit.at >= ask.from_)
    if ask.to is not None:
        statement = statement.where(Audit.at < ask.to)
    return statement


_MONTHS_AHEAD: Final = text("""
    SELECT step::date AS month,
           EXISTS (
               SELECT FROM muster.audit_rest
               WHERE at >= step AT TIME ZONE 'UTC' AND at < (step + interval '1 month') AT TIME ZONE 'UTC'
           ) AS in_rest
    FROM generate_series(
        date_trunc('month', CAST(:today AS timestamp)),
        date_trunc('month', CAST(:today AS timestamp)) + CAST(:ahead AS integer) * interval '1 month',
        interval '1 month'
    ) AS step
    WHERE to_regclass('muster.audit_' || to_char(step, 'YYYY_MM')) IS NULL
""")
_MONTHS_KEPT: Final = text("""
    SELECT child.relname AS name, to_date(right(child.relname, 7), 'YYYY_MM') AS month
    FROM pg_inherits
    JOIN pg_class AS child ON child.oid = inhrelid
    WHERE inhparent = 'muster.audit'::regclass AND child.relname ~ '^audit_[0-9]{4}_[0-9]{2}$'
    ORDER BY 1
""")
_NEWEST_OF_REST: Final = text("SELECT max(at) FROM muster.audit_rest")


async def make_months(conn: WriteConnection, today: date, ahead: int) -> list[date]:
    """Make the partitions of this month and `ahead` more; the months made.

    A month whose rows already lie in the default partition stays there: they cannot be moved, the trigger
    would have to be lifted for it.
    """
    missing = (await conn.execute(_MONTHS_AHEAD, {"today": today, "ahead": ahead})).all()
    made = [row.month for row in missing if not row.in_rest]
    for month in made:
        await conn.execute(select(func.muster.audit_month(month)))
    return made


async def months(conn: WriteConnection) -> list[tuple[str, date]]:
    """Partitions of months, oldest first: name and first day."""
    return [(row.name, row.month) for row in await conn.execute(_MONTHS_KEPT)]


async def rows_of(conn: WriteConnection, partition: str) -> int:
    """How many rows a partition has."""
    counted = text(f"SELECT count(*) FROM muster.{partition}")  # noqa: S608  a name from the catalogue
    return int((await conn.execute(counted)).scalar_one())


async def drop_month(conn: WriteConnection, partition: str) -> None:
    """Drop a partition: the only way rows leave the audit."""
    await conn.execute(text(f"DROP TABLE muster.{partition}"))


async def rest_ended_before(conn: WriteConnection, day: date) -> bool:
    """Whether the default partition has rows, and none from `day` on."""
    newest = (await conn.execute(_NEWEST_OF_REST)).scalar_one()
    return newest is not None and newest.date() < day


async def renew_rest(conn: WriteConnection) -> None:
    """Replace the default partition by an empty one."""
    await drop_month(conn, "audit_rest")
    await conn.execute(text("CREATE TABLE muster.audit_rest PARTITION OF muster.audit DEFAULT"))
