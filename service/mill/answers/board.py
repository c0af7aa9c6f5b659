"""The board of the mill: what a planner has to see first today, and the way to all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment
from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.pages import csp_hash, inline, template_environment
from service.mill.answers.board_words import WORDS
from service.mill.answers.newest import NewestPlan, newest_plan
from service.mill.answers.standing import standing_of
from service.mill.queries.doubtful import select_late, select_waiting
from service.mill.queries.ground import select_as_of
from service.mill.queries.parameters import select_parameters
from service.mill.queries.plan_needs import ShortDay, select_short_days
from service.mill.queries.stocks import StockAsk, StockedYarn, select_short
from service.mill.rules.balances import risk
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import rounded
from service.mill.rules.sources import Standing
from service.mill.rules.weeks import day_in
from service.reporting import pages
from service.schemas.exports import Locale

MOST: Final = 12
"""Rows of a part of the board; how many more there are is said, and where all are."""
MOST_ORDERS: Final = 4
"""Orders that are named as the cause of a shortage."""
_HERE: Final = Path(__file__).parent.parent / "pages"
_STYLE: Final = pages.STYLE + inline(_HERE / "board.css")
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {csp_hash(_STYLE)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the page shows, as one snapshot has it."""

    as_of: date | None
    day: date
    standing: Standing
    plan: NewestPlan
    parameters: Parameters
    short: Sequence[ShortDay]
    below: Sequence[StockedYarn]
    late: Sequence[Row[Any]]
    waiting: Sequence[Row[Any]]
    zone: str
    locale: Locale

    @property
    def said(self) -> Mapping[str, Any]:
        """The words."""
        return WORDS[self.locale]


async def board_of(conn: ReadConnection, now: datetime, zone: str, locale: Locale) -> Board:
    """Everything that the page shows."""
    as_of, plan = await select_as_of(conn), await newest_plan(conn)
    day = as_of or day_in(zone, now)
    run = plan.id
    short = [] if run is None else list((await select_short_days(conn, run, only_short=True)).values())
    return Board(
        as_of=as_of,
        day=day,
        standing=await standing_of(conn, now),
        plan=plan,
        parameters=(await select_parameters(conn)).values,
        short=short,
        below=await select_short(conn, StockAsk()),
        late=[] if run is None else await select_late(conn, run, day, MOST),
        waiting=[] if run is None else await select_waiting(conn, run),
        zone=zone,
        locale=locale,
    )


def board_page(board: Board, reports: Sequence[tuple[str, str]]) -> str:
    """The page; `reports` are the names and titles of the desk's reports, linked at its foot."""
    return _templates().get_template("board.html").render(
        locale=board.locale,
        in_locale="" if board.locale == "en" else f"&locale={board.locale}",
        said=board.said,
        board=board,
        notes=list(_notes(board)),
        cards=_cards(board),
        short=[_short(board, one) for one in board.short[:MOST]],
        more_short=max(0, len(board.short) - MOST),
        below=[_below(board, one) for one in board.below[:MOST]],
        more_below=max(0, len(board.below) - MOST),
        late=[_late(board, one) for one in board.late],
        more_late=max(0, _late_count(board) - MOST),
        waiting=[_waiting(board, one) for one in board.waiting],
        doubts=[_doubt(board, gate) for gate in board.plan.gates],
        reports=reports,
    )  # fmt: skip


@cache
def _templates() -> Environment:
    return template_environment(_HERE, style=_STYLE)


def _notes(board: Board) -> Iterator[str]:
    """What must be known before anything on the page is trusted."""
    said = board.said
    if board.as_of is None:
        yield said["empty"]
    if board.plan.reason == "NO_PLAN":
        yield said["no_plan"]
    elif board.plan.reason == "PLAN_OLD":
        yield said["old_plan"].format(id=board.plan.id)


def _cards(board: Board) -> list[tuple[str, str, str]]:
    """The figures at the head: name, figure, how bad."""
    said, planned = board.said["cards"], board.plan.id is not None
    critical = sum(risk(one.stock.planning, board.parameters) == "CRITICAL" for one in board.below)
    waiting = sum(one.n for one in board.waiting)
    late = _late_count(board)
    return [
        (said["short"], str(len(board.short)) if planned else "–", "bad" if board.short else "good"),
        (said["critical"], str(critical), "bad" if critical else "good"),
        (said["late"], str(late) if planned else "–", "bad" if late else "good"),
        (said["waiting"], str(waiting) if planned else "–", "wait" if waiting else "good"),
    ]


def _late_count(board: Board) -> int:
    return board.late[0].total if board.late else 0


def _short(board: Board, one: ShortDay) -> Mapping[str, Any]:
    said, lines = board.said, [board.said["short_by"].format(pounds=_pounds(one.pounds))]
    if one.deepest > (one.pounds or 0):
        lines[0] += said["short_later"].format(largest=_pounds(one.deepest))
    if one.culprits:
        named = [f"{order} ({_pounds(pounds)} lb)" for order, pounds in one.culprits[:MOST_ORDERS]]
        more = len(one.culprits) - len(named)
        told = ", ".join(named) + (f" {said['and_more'].format(count=more)}" if more else "")
        lines.append(said["because"].format(orders=told))
    else:
        lines.append(said["by_itself"])
    if not one.known:
        lines.append(said["uncounted"])
    return {"code": one.yarn, "when": said["short_on"].format(day=one.day), "lines": lines}


def _below(board: Board, one: StockedYarn) -> Mapping[str, Any]:
    said, stock = board.said, one.stock
    level = risk(stock.planning, board.parameters)
    told = said["below_by"].format(
        short=_pounds(stock.shortage), least=_pounds(stock.min_stock), balance=_pounds(stock.planning)
    )
    return {
        "code": one.code, "level": level.lower(), "risk": said["risk"][level],
        "lines": [one.description, told] if one.description else [told],
    }  # fmt: skip


def _late(board: Board, one: Row[Any]) -> Mapping[str, Any]:
    said, lines = board.said, []
    if one.due_date is not None and one.due_date < board.day:
        lines.append(said["overdue"])
    if one.late_hours:
        lines.append(said["late_by"].format(hours=f"{rounded(one.late_hours, 1):,}"))
    if one.kit_status is not None:
        lines.append(said["kit"][one.kit_status])
    due = "" if one.due_date is None else said["due"].format(day=one.due_date)
    return {
        "number": one.order_no,
        "style": one.style_code,
        "pounds": _pounds(one.quantity),
        "due": due,
        "why": _why(board, one),
        "lines": [", ".join(lines)] if lines else [],
    }


def _why(board: Board, one: Row[Any]) -> str:
    """The page that says why: of its place on the machines, or of its yarn where it has none."""
    order = urlencode({"order": one.order_no, "format": "html"})
    if one.late_hours is None:
        return f"/v1/mill/plan-runs/{board.plan.id}/explain?{order}"
    return f"/v1/mill/schedule/explain?plan={board.plan.id}&{order}"


def _waiting(board: Board, one: Row[Any]) -> Mapping[str, Any]:
    said, lines = board.said, []
    if one.soonest is not None:
        lines.append(said["advice_soonest"].format(day=one.soonest))
    if one.late:
        lines.append(said["advice_late"].format(count=one.late))
    told = said["advice_line"].format(
        count=one.n, kind=said["actions"][one.action], pounds=_pounds(one.pounds)
    )
    return {"told": told, "action": one.action, "lines": lines}


def _doubt(board: Board, gate: Mapping[str, Any]) -> Mapping[str, Any]:
    pounds = "" if gate["pounds_lb"] is None else f", {_pounds(Decimal(gate['pounds_lb']))} lb"
    message = board.said["doubt"].get(gate["code"], gate["message"])
    told = board.said["doubt_line"].format(message=message, count=gate["count"], pounds=pounds)
    return {"code": gate["code"], "severity": gate["severity"], "told": told}


def _pounds(amount: Decimal | None) -> str:
    """With two decimals, half up (R1); an unknown one is a dash."""
    return "–" if amount is None else f"{rounded(amount, 2):,}"
