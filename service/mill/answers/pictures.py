"""The plan and the weekly balances as printable pages: Gantt and balance chart, without a script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment

from service.core.pages import csp_hash, inline, template_environment
from service.mill.answers.picture_words import WORDS
from service.mill.rules.balance_chart import BalanceChart, DrawnWeek
from service.mill.rules.quantities import rounded
from service.mill.rules.scheduling.blocks import Block
from service.mill.rules.scheduling.gantt import Gantt
from service.mill.rules.scheduling.shop import Unscheduled
from service.reporting import pages
from service.schemas.exports import Locale

_HERE: Final = Path(__file__).parent.parent / "pages"
_STYLE: Final = pages.STYLE + inline(_HERE / "pictures.css")
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {csp_hash(_STYLE)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept, Authorization, Cookie",
}
"""What the pages are sent with."""
OFFERED: Final = {"json": "application/json", "html": "text/html"}
"""As what a picture may be asked for."""
MOST_FIGURES: Final = 13
"""Weeks of a chart that have room for their figure; beyond, the table below tells it."""
MOST_LATE: Final = 12
"""Late operations that stand above the picture; the list below it has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFigures:
    """The figures above a Gantt chart; None is not known and shown as such."""

    on_time: int
    with_due: int
    total_late_hours: Decimal | None
    max_late_hours: Decimal | None
    makespan_hours: Decimal | None
    setup_hours: Decimal | None
    estimated_rates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFrame:
    """What stands around a picture: facts of the run (name, value), notes on assumptions, language.

    `explained`: the address to which an order's number is added to be told why it stands where it stands.
    """

    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    locale: Locale = "en"
    explained: str = ""

    @property
    def said(self) -> Mapping[str, Any]:
        """The words."""
        return WORDS[self.locale]


def gantt_page(
    gantt: Gantt, figures: PlanFigures, unscheduled: Sequence[Unscheduled], frame: PictureFrame
) -> str:
    """The HTML page of a finite plan; wall clocks are those of the picture's zone."""
    said, whole = frame.said, _Telling(frame.said, ZoneInfo(gantt.zone))
    tell = replace(whole, year=gantt.start.astimezone(whole.zone).year)
    times = [
        (said["from"], whole.wall(gantt.start)),
        (said["to"], whole.wall(gantt.end)),
        (said["zone"], gantt.zone),
    ]
    notes = [*frame.notes]
    if figures.estimated_rates:
        notes.append(said["estimated"].format(count=figures.estimated_rates))
    if gantt.outside:
        notes.append(said["outside"].format(count=gantt.outside))
    return _page(
        "gantt.html",
        frame,
        facts=[*times, *frame.facts],
        notes=notes,
        gantt=gantt,
        figures=list(tell.figures(figures, len(unscheduled))),
        unscheduled=_by_reason(unscheduled),
        most_late=MOST_LATE,
        wall=tell.wall,
        state=tell.state,
        why=tell.why,
        hint=tell.hint,
    )


def balances_page(charts: Sequence[BalanceChart], frame: PictureFrame) -> str:
    """The HTML page of weekly balances, a chart and a table for each yarn in the order given."""
    tell = _Telling(frame.said, ZoneInfo("UTC"))
    return _page(
        "balances.html",
        frame,
        facts=frame.facts,
        notes=frame.notes,
        charts=charts,
        most_figures=MOST_FIGURES,
        week_hint=tell.week_hint,
    )


def pounds(amount: Decimal | None) -> str:
    """With two decimals, half up (R1); an unknown one is a dash."""
    return "–" if amount is None else f"{rounded(amount, 2):,}"


def _by_reason(unscheduled: Sequence[Unscheduled]) -> list[tuple[str, list[str]]]:
    """The orders of each reason, both in the order of their characters."""
    ordered = sorted(unscheduled, key=lambda one: (one.reason, one.order))
    by_reason = groupby(ordered, key=lambda one: one.reason)
    return [(reason, [one.order for one in found]) for reason, found in by_reason]


def _page(template: str, frame: PictureFrame, **shown: Any) -> str:
    return _templates().get_template(template).render(
        locale=frame.locale, said=frame.said, explained=frame.explained, pounds=pounds, **shown
    )  # fmt: skip


@cache
def _templates() -> Environment:
    return template_environment(_HERE, style=_STYLE)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Facts of a plan in words."""

    said: Mapping[str, Any]
    zone: ZoneInfo
    year: int | None = None
    """The year that the picture begins in: its dates are told without it."""

    def wall(self, at: datetime) -> str:
        """A wall clock of the mill to the minute, with its offset where the hour occurs twice."""
        local = at.astimezone(self.zone)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        day = f"{local:%m-%d}" if local.year == self.year else f"{local:%Y-%m-%d}"
        return f"{day} {local:%H:%M}" + (f"{local:%z}" if twice else "")

    def state(self, block: Block) -> str:
        if block.late_hours is None:
            told = self.said["no_due"]
        elif block.late:
            told = "! " + self.said["late"].format(hours=_hours(block.late_hours))
        else:
            told = self.said["in_time"]
        return f"▪ {self.said['frozen']}, {told}" if block.frozen else str(told)

    def why(self, block: Block) -> str:
        """What it waited for, what else could knit it, and whether its rate is an estimate."""
        return "; ".join(self._reasons(block.why))

    def hint(self, block: Block) -> str:
        """What a pointer is told over a block."""
        span = f"{self.wall(block.setup_start)} – {self.wall(block.end)}"
        return f"{block.order} · {block.style} · {pounds(block.pounds)} lb · {span} · {self.state(block)}"

    def week_hint(self, one: DrawnWeek) -> str:
        """What a pointer is told over a week."""
        said, week = self.said, one.week
        return (
            f"{one.name} · {said['key_receipts']} {pounds(week.receipts)} · "
            f"{said['key_demand']} {pounds(week.demand)} · {said['key_balance']} {pounds(week.balance)}"
        )

    def figures(self, figures: PlanFigures, without_place: int) -> Iterator[tuple[str, str]]:
        """The cards above the picture."""
        said = self.said
        known = said["of"].format(part=figures.on_time, whole=figures.with_due)
        yield said["on_time"], known if figures.with_due else said["not_known"]
        yield said["total_late"], self._figure(figures.total_late_hours)
        yield said["max_late"], self._figure(figures.max_late_hours)
        yield said["makespan"], self._figure(figures.makespan_hours)
        yield said["setup_hours"], self._figure(figures.setup_hours)
        yield said["without_place"], str(without_place)

    def _figure(self, hours: Decimal | None) -> str:
        return str(self.said["not_known"]) if hours is None else _hours(hours)

    def _reasons(self, why: Mapping[str, Any]) -> Iterator[str]:
        said, cause = self.said, why.get("waited_for")
        if cause is not None:
            yield said["waited"][cause].format(hours=_hours(Decimal(why["waited_hours"][cause])))
        elif "waited_for" in why:
            yield said["at_once"]
        count = why.get("alternatives")
        if count is not None:
            yield said["only_machine"] if count == 1 else said["alternatives"].format(count=count)
        best = why.get("next_best")
        if best is not None:
            end = self.wall(datetime.fromisoformat(best["end"]))
            yield said["next_best"].format(machine=best["machine"], end=end)
        if why.get("rate_estimated"):
            yield said["rate_estimated"]


def _hours(hours: Decimal) -> str:
    return f"{rounded(hours, 1):,}"
