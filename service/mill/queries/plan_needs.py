"""What the newest plan found of yarns: needs by day, first short days, the weeks of all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

# What should have been there before this week is needed now; what has no date is in no week.
_WEEKLY = text("""
    SELECT yarn_id, greatest(0, (need_date - CAST(:monday AS date)) / 7) AS week, sum(gross_lb) AS pounds
    FROM mill.plan_requirements
    WHERE run_id = :run AND need_date < CAST(:monday AS date) + 7 * CAST(:weeks AS int)
      AND (CAST(:yarns AS bigint[]) IS NULL OR yarn_id = ANY (CAST(:yarns AS bigint[])))
    GROUP BY 1, 2
""")
_FOUND = text("""
    SELECT y.yarn_id, y.yarn_code, y.first_short_on, y.first_short_lb, y.largest_short_lb, y.known,
           coalesce(jsonb_agg(jsonb_build_object('order_no', o.order_no, 'short_lb', c.short_lb)
                              ORDER BY o.seq) FILTER (WHERE o.seq IS NOT NULL), '[]') AS culprits
    FROM mill.plan_yarns y
    LEFT JOIN LATERAL jsonb_to_recordset(y.culprits) AS c (order_seq int, short_lb text) ON true
    LEFT JOIN mill.plan_orders o ON o.run_id = y.run_id AND o.seq = c.order_seq
    WHERE y.run_id = :run AND (CAST(:only AS bool) IS NOT TRUE OR y.first_short_on IS NOT NULL)
    GROUP BY y.yarn_id, y.yarn_code, y.first_short_on, y.first_short_lb, y.largest_short_lb, y.known
    ORDER BY y.first_short_on NULLS LAST, y.first_short_lb DESC, y.yarn_code
""")
_WEEKS = text("""
    SELECT y.yarn_code, b.bucket, b.week_start, b.receipts, b.demand, b.balance, b.shortage, b.new_shortage,
           b.planned, b.available
    FROM mill.plan_buckets b JOIN mill.plan_yarns y ON y.run_id = b.run_id AND y.yarn_id = b.yarn_id
    WHERE b.run_id = :run AND (CAST(:yarn AS text) IS NULL OR y.yarn_code = :yarn)
      AND (NOT :short OR y.largest_short_lb > 0 OR y.first_short_on IS NOT NULL)
    ORDER BY y.yarn_code, b.bucket
""")
# The path through the recipe tells apart; people who buy want the yarn, the week and the orders.
_REQUIREMENTS = text("""
    WITH needs AS (
        SELECT r.yarn_id, r.bucket, r.order_seq, sum(r.gross_lb) AS pounds
        FROM mill.plan_requirements r WHERE r.run_id = :run GROUP BY 1, 2, 3
    )
    SELECT y.yarn_code, n.bucket, sum(n.pounds) AS gross_lb, count(*) AS order_count,
           array_agg(o.order_no ORDER BY o.seq) AS orders, array_agg(n.pounds ORDER BY o.seq) AS pounds
    FROM needs n JOIN mill.plan_yarns y ON y.run_id = :run AND y.yarn_id = n.yarn_id
    JOIN mill.plan_orders o ON o.run_id = :run AND o.seq = n.order_seq
    WHERE (CAST(:yarn AS text) IS NULL OR y.yarn_code = :yarn)
    GROUP BY y.yarn_code, n.bucket ORDER BY y.yarn_code, n.bucket NULLS LAST
""")


@dataclass(frozen=True, slots=True)
class ShortDay:
    """The first day on which a yarn is short by the plan, by how much, and whose orders make it so."""

    yarn: str
    day: date | None
    pounds: Decimal | None
    largest: Decimal
    known: bool
    culprits: Sequence[tuple[str, Decimal]] = field(default_factory=tuple)

    @property
    def deepest(self) -> Decimal:
        """The most that is missing on the first day or at the end of any week."""
        return max(self.largest, self.pounds or Decimal(0))

    @property
    def told(self) -> str:
        """The orders with what each lacks, as text."""
        return "; ".join(f"{order} {pounds:.4f}" for order, pounds in self.culprits)


async def select_weekly_needs(
    conn: ReadConnection, run: int, monday: date, weeks: int, yarns: Sequence[int] | None = None
) -> Mapping[int, tuple[Decimal, ...]]:
    """Dated demand of each yarn (by its id) that has any, for so many weeks."""
    asked = {"run": run, "monday": monday, "weeks": weeks, "yarns": None if yarns is None else list(yarns)}
    found: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * weeks)
    for row in await conn.execute(_WEEKLY, asked):
        found[row.yarn_id][row.week] = row.pounds
    return {yarn: tuple(pounds) for yarn, pounds in found.items()}


async def select_short_days(
    conn: ReadConnection, run: int, *, only_short: bool = False
) -> Mapping[int, ShortDay]:
    """What a plan found of each yarn, by its id; the first to be short first."""
    rows = await conn.execute(_FOUND, {"run": run, "only": only_short})
    return {row.yarn_id: _short_day(row) for row in rows}


async def select_plan_weeks(
    conn: ReadConnection, run: int, yarn: str | None, *, short: bool
) -> Sequence[Row[Any]]:
    """Weekly balances by yarn and week; `short`: of yarns that are short on some day."""
    return (await conn.execute(_WEEKS, {"run": run, "yarn": yarn, "short": short})).all()


async def select_plan_requirements(conn: ReadConnection, run: int, yarn: str | None) -> Sequence[Row[Any]]:
    """Pounds by yarn and week, with the orders in their order of service."""
    return (await conn.execute(_REQUIREMENTS, {"run": run, "yarn": yarn})).all()


def _short_day(row: Row[Any]) -> ShortDay:
    culprits = tuple((one["order_no"], Decimal(one["short_lb"])) for one in row.culprits)
    return ShortDay(
        row.yarn_code, row.first_short_on, row.first_short_lb, row.largest_short_lb, row.known, culprits
    )
