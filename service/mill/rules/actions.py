"""What to do about a yarn's weeks (E.6.10): hasten, order, put off, give back; each with what triggered it.

Nothing is done by itself: an action is advice that a planner accepts or dismisses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final, Literal

from service.mill.rules.lots import (
    AT_ONCE,
    LOT_FOR_LOT,
    MONDAY_TO_FRIDAY,
    Lead,
    LotRule,
    WorkingDays,
    release,
)
from service.mill.rules.parameters import DEFAULTS, Parameters
from service.mill.rules.quantities import ZERO
from service.mill.rules.substitution import Substitute, proposals
from service.mill.rules.weeks import week_start

Kind = Literal[
    "ORDER",
    "MAKE",
    "RELEASE",
    "EXPEDITE",
    "DEFER",
    "CANCEL",
    "INCREASE",
    "DECREASE",
    "SUBSTITUTE",
    "FENCE_CONFLICT",
]
State = Literal["open", "accepted", "dismissed", "superseded"]
BUYS: Final[frozenset[str]] = frozenset({"ORDER", "RELEASE", "INCREASE"})
"""Kinds of advice by which yarn is bought: only their pounds and money are what a list costs."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Yarn that a purchase order still brings: in which week, a bucket behind the last one is later."""

    id: int
    bucket: int
    pounds: Decimal
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """All that the advice for one item rests on; quantities in pounds, demand by week from `as_of` on.

    `beyond`: what is needed after the last of these weeks, or on no known day. Nothing is ordered for it yet,
    but what it needs is not given back.
    """

    code: str
    as_of: date
    opening: Decimal
    demand: Sequence[Decimal]
    receipts: Sequence[Receipt] = ()
    safety: Decimal = ZERO
    lead: Lead = AT_ONCE
    rule: LotRule = LOT_FOR_LOT
    working: WorkingDays = MONDAY_TO_FRIDAY
    supply: Literal["ORDER", "MAKE"] = "ORDER"
    beyond: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Action:
    """One piece of advice: from a week (the receipt's day) to a week (its Monday).

    `short` are the pounds that would be missing without it; `trigger` holds the values that led to it,
    decimal numbers as text.
    """

    code: str
    kind: Kind
    quantity: Decimal
    receipt: int | None = None
    from_bucket: int | None = None
    to_bucket: int | None = None
    from_date: date | None = None
    to_date: date | None = None
    release_date: date | None = None
    days_late: int = 0
    substitute: str | None = None
    short: Decimal = ZERO
    trigger: Mapping[str, Any] = field(default_factory=dict)
    assignee: str | None = None
    state: State = "open"

    @property
    def key(self) -> tuple[str, Kind, int | None, str | None, date | None]:
        """What makes it the same advice in the next run: not its quantity, nor the day it was found on."""
        return (self.code, self.kind, self.receipt, self.substitute, self.to_date)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, and the balances week by week if it is done."""

    actions: list[Action]
    balances: list[Decimal]


def advise(case: Case, parameters: Parameters = DEFAULTS) -> Advice:
    """Walks the weeks: what is short is hastened or ordered; if nothing is, what is spare goes back."""
    walk = _Walk(case, parameters)
    for week in range(len(case.demand)):
        walk.enter(week)
    if not walk.short:
        walk.give_back()
    return Advice(walk.actions, walk.balances)


class _Walk:
    """The weeks of one item, and what is left of each receipt as they pass."""

    def __init__(self, case: Case, parameters: Parameters) -> None:
        self.case, self.parameters = case, parameters
        self.receipts = sorted(case.receipts, key=lambda one: (one.bucket, one.id))
        self.left = {one.id: one.pounds for one in self.receipts}
        self.hastened: set[int] = set()
        self.available = case.opening
        self.refused = ZERO
        self.short = False
        self.actions: list[Action] = []
        self.balances: list[Decimal] = []

    def enter(self, week: int) -> None:
        """What comes and goes in a week, and what must be done that it is not short."""
        self.available += self._coming(week) - self.case.demand[week]
        missing = self.case.safety - self.available
        if missing > 0 and missing >= self.parameters.damper_lb:
            missing = self._hasten(week, missing)
            if missing > 0 and missing >= self.parameters.damper_lb:
                self.short = True
                self._supply(week, missing)
        self.balances.append(self.available)

    def _coming(self, week: int) -> Decimal:
        return sum((self.left[one.id] for one in self.receipts if one.bucket == week), ZERO)

    def _hasten(self, week: int, missing: Decimal) -> Decimal:
        """Takes from later receipts, the earliest first, each pound once; returns what is still missing.

        A receipt that comes too soon to be worth a message (`damper_days`) is waited for.
        """
        for one in self.receipts:
            taken = min(missing, self.left[one.id])
            if one.bucket <= week or taken <= 0:
                continue
            missing -= taken
            if (one.bucket - week) * 7 < self.parameters.damper_days or taken < self.parameters.damper_lb:
                continue
            self.left[one.id] -= taken
            self.hastened.add(one.id)
            self._tell("EXPEDITE", taken, week, missing + taken, receipt=one)
            self.available += taken
        return missing

    def _supply(self, week: int, missing: Decimal) -> None:
        """Orders what no receipt covers; inside the fence only says that it would have to (E.6.10)."""
        if self._fenced(week):
            if missing > self.refused:
                self._tell("FENCE_CONFLICT", missing - self.refused, week, missing)
                self.refused = missing
            return
        self.refused = ZERO
        enlarged = self._enlarged(week, missing) if self.parameters.increase_open_orders else None
        if enlarged is not None:
            quantity = self.case.rule.lot.rounded_up(missing)
            self._tell("INCREASE", quantity, week, missing, receipt=enlarged)
        else:
            ahead = self._ahead(week) if self.case.rule.looks_ahead else ()
            lots = self.case.rule.orders(missing, ahead, self.case.safety)
            quantity = sum(lots, ZERO)
            self._order(week, missing, lots)
        self.available += quantity

    def _order(self, week: int, missing: Decimal, lots: tuple[Decimal, ...]) -> None:
        """ORDER or MAKE; RELEASE where it should have left before today, with what express gives (E.6.7)."""
        case, need = self.case, self._need(week)
        off = release(need, case.lead.days, case.as_of, case.working)
        kind: Kind = "RELEASE" if off.days_late else case.supply
        more = {
            "lots": [str(lot) for lot in lots],
            "lead_days": case.lead.days,
            "lead_source": case.lead.source,
            "lot_policy": case.rule.policy,
        }
        express = self.parameters.lead_defaults.express
        if off.days_late and express < case.lead.days:
            arrival = case.as_of + timedelta(days=express)
            more |= {"express_days": express, "express_days_late": max(0, (arrival - need).days)}
        self._tell(kind, sum(lots, ZERO), week, missing, late=(off.day, off.days_late), more=more)

    def _fenced(self, week: int) -> bool:
        return (self._need(week) - self.case.as_of).days < self.parameters.planning_fence_days

    def _need(self, week: int) -> date:
        """Monday of the week; of this week, today."""
        return max(week_start(self.case.as_of, week), self.case.as_of)

    def _enlarged(self, week: int, missing: Decimal) -> Receipt | None:
        """A receipt of this very week that could be larger."""
        here = (one for one in self.receipts if one.bucket == week and self.left[one.id] > 0)
        return next(here, None) if missing > 0 else None

    def _ahead(self, week: int) -> list[Decimal]:
        """Balances of this week and the following ones without any further order."""
        weeks = range(week + 1, len(self.case.demand))
        moves = (self._coming(later) - self.case.demand[later] for later in weeks)
        return list(accumulate(moves, initial=self.available))

    def give_back(self) -> None:
        """From the last receipt on: cancelled if never needed, else put off, else made smaller (E.9)."""
        weeks = len(self.balances)
        for one in sorted(self.receipts, key=lambda one: (-one.bucket, one.id)):
            if one.id in self.hastened or not 0 <= one.bucket < weeks or one.pounds <= 0:
                continue
            without = [balance - one.pounds for balance in self._kept(one.bucket)]
            needed = next(
                (at for at, left in enumerate(without, one.bucket) if left < self.case.safety), None
            )
            if needed is None:
                self._return(one, "CANCEL", one.bucket, one.pounds)
                continue
            spare = min(one.pounds, min(self._kept(needed)) - self.case.safety)
            if needed == weeks:  # on no day that is known: it stays where it is
                needed = one.bucket
            elif (needed - one.bucket) * 7 >= max(1, self.parameters.damper_days):
                self._put_off(one, needed)
            if spare > 0:
                self._return(one, "DECREASE", needed, spare)

    def _kept(self, week: int) -> list[Decimal]:
        """Balances from a week on; the last is what is left when later receipts and needs have passed too."""
        weeks = len(self.balances)
        later = sum((self.left[one.id] for one in self.receipts if one.bucket >= weeks), ZERO)
        return [*self.balances[week:], self.balances[-1] + later - self.case.beyond]

    def _return(self, one: Receipt, kind: Literal["CANCEL", "DECREASE"], week: int, pounds: Decimal) -> None:
        """Takes pounds out of the balances from a week on, where they are worth a message."""
        if pounds < self.parameters.damper_lb:
            return
        lowest = min(self._kept(week))
        self.balances[week:] = [balance - pounds for balance in self.balances[week:]]
        self.actions.append(
            Action(
                self.case.code,
                kind,
                pounds,
                one.id,
                one.bucket,
                from_date=one.due,
                trigger={"lowest_balance": str(lowest), "safety_stock": str(self.case.safety)},
            )
        )

    def _put_off(self, one: Receipt, needed: int) -> None:
        """DEFER to the first week that would be short without it."""
        between = self.balances[one.bucket : needed]
        self.balances[one.bucket : needed] = [balance - one.pounds for balance in between]
        self._tell("DEFER", one.pounds, needed, ZERO, receipt=one)

    def _tell(
        self,
        kind: Kind,
        quantity: Decimal,
        week: int,
        missing: Decimal,
        *,
        receipt: Receipt | None = None,
        late: tuple[date | None, int] = (None, 0),
        more: Mapping[str, Any] | None = None,
    ) -> None:
        case = self.case
        trigger = {
            "balance": str(self.available),
            "safety_stock": str(case.safety),
            "missing": str(missing),
            **(more or {}),
        }
        self.actions.append(
            Action(
                case.code,
                kind,
                quantity,
                receipt.id if receipt else None,
                receipt.bucket if receipt else None,
                week,
                receipt.due if receipt else None,
                week_start(case.as_of, week),
                *late,
                short=missing,
                trigger=trigger,
            )
        )


def uncovered(actions: Iterable[Action]) -> list[Action]:
    """The advice that leaves a week short all the same: too late, or not allowed (E.6.11)."""
    return [
        one for one in actions if one.kind == "FENCE_CONFLICT" or (one.kind == "RELEASE" and one.days_late)
    ]


def substituted(action: Action, substitutes: Iterable[Substitute]) -> list[Action]:
    """Approved substitutes for what `action` leaves short, each by itself, best first (E.6.11)."""
    short, day = min(action.quantity, action.short), action.to_date or date.max
    return [
        Action(
            action.code,
            "SUBSTITUTE",
            one.use,
            to_bucket=action.to_bucket,
            to_date=action.to_date,
            substitute=one.substitute.yarn,
            short=short,
            trigger={
                "instead_of": action.kind,
                "short": str(short),
                "covers": str(one.covers),
                "score": str(one.substitute.score),
                "factor": str(one.substitute.factor),
                "free": str(one.substitute.free),
            },
        )
        for one in proposals(short, substitutes, day)
    ]


def carried_on(previous: Iterable[Action], found: Iterable[Action]) -> tuple[list[Action], list[Action]]:
    """The new advice with who has the same of before and what was decided; and what vanished: superseded."""
    before = {one.key: one for one in previous if one.state != "superseded"}
    now = []
    for one in found:
        same = before.pop(one.key, None)
        now.append(replace(one, assignee=same.assignee, state=same.state) if same else one)
    return now, [replace(one, state="superseded") for one in before.values()]
