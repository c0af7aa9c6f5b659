"""How pounds, money and doubts are shown, and which day is meant."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.core.database import ReadConnection
from service.mill.answers.standing import data_of, standing_of
from service.mill.queries.ground import select_as_of
from service.mill.rules.quantities import rounded


def lb(pounds: Decimal) -> str:
    """Pounds with four decimals."""
    return f"{rounded(pounds):.4f}"


def lb_or_none(pounds: Decimal | None) -> str | None:
    """Pounds, or that they are not known."""
    return None if pounds is None else lb(pounds)


def decimals(value: Decimal | None, places: int) -> str | None:
    """A figure with so many decimals, or that it is not known."""
    return None if value is None else f"{rounded(value, places):.{places}f}"


async def day_of(conn: ReadConnection, asked: date | None, today: date) -> date:
    """The day that is asked about, else that of the newest stock, else today."""
    return asked or await select_as_of(conn) or today


async def data_with(
    conn: ReadConnection, now: datetime, kinds: Iterable[str], doubts: Iterable[str] = ()
) -> dict[str, Any]:
    """The `data` of an answer: what the files leave in doubt, and what the answer found itself."""
    known = data_of(await standing_of(conn, now, kinds))
    reasons = [*known["reasons"], *doubts]
    return {**known, "complete": not reasons, "reasons": reasons}
