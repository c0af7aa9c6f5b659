"""A knit order: what remains of it, where it may go, whether its yarn is there, what it risks (R5, E.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from service.mill.rules.balances import Risk
from service.mill.rules.parameters import DEFAULTS, Parameters
from service.mill.rules.quantities import EXACT, ZERO

Status = Literal["pending", "assigned", "in_progress", "completed", "on_hold", "cancelled"]
KitStatus = Literal["READY", "PARTIAL", "WAITING", "SHORT"]

NO_DUE_DATE: Final = "NO_DUE_DATE"
BALANCE_TOLERANCE_LB: Final = Decimal("0.5")
"""A file's balance may differ from the computed one by this (KO_BALANCE)."""

_NEXT: Final[Mapping[Status, frozenset[Status]]] = {
    "pending": frozenset({"assigned", "on_hold", "cancelled"}),
    "assigned": frozenset({"in_progress", "on_hold", "cancelled"}),
    "in_progress": frozenset({"completed", "on_hold", "cancelled"}),
    "on_hold": frozenset({"pending", "assigned", "in_progress", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}


class BadMove(ValueError):
    """A change of status that an order cannot make; `code` says which rule it breaks."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Progress:
    """Pounds of a knit order: asked for, in stock as greige, shipped, rejected (all >= 0)."""

    ordered: Decimal
    produced: Decimal = ZERO
    shipped: Decimal = ZERO
    seconds: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        """What is still to be knitted; rejects must be knitted again (R5, I7)."""
        return max(ZERO, self.ordered - self.produced - self.shipped + self.seconds)

    @property
    def completion(self) -> Decimal | None:
        """Per cent that is knitted or shipped (F-73); None where nothing was ordered."""
        return EXACT.divide((self.produced + self.shipped) * 100, self.ordered) if self.ordered else None

    @property
    def started(self) -> bool:
        """Whether any greige came of it."""
        return self.produced + self.shipped > 0

    def over_shipped(self, parameters: Parameters = DEFAULTS) -> Decimal | None:
        """Per cent shipped beyond the order, None within what is allowed (KO_OVERSHIP, F-73)."""
        beyond = self.shipped - self.ordered
        if beyond * 100 <= self.ordered * parameters.over_ship_pct:
            return None
        return EXACT.divide(beyond * 100, self.ordered) if self.ordered else None

    def differs_from(self, stated: Decimal | None) -> bool:
        """Whether a file's own balance is another one (KO_BALANCE)."""
        return stated is not None and abs(stated - self.balance) > BALANCE_TOLERANCE_LB


def check_move(
    now: Status, to: Status, progress: Progress, *, has_machine: bool, reason: str | None = None
) -> None:
    """Refuses what the order's course does not allow (E.6, last). Raises `BadMove`.

    Assigned needs a machine, in progress the first greige; completed a balance of 0, or a reason.
    """
    if to not in _NEXT[now]:
        can = ", ".join(sorted(_NEXT[now])) or "nothing"
        raise BadMove("STATUS_MOVE", f"An order that is {now} becomes {can}, not {to}.")
    if to == "assigned" and not has_machine:
        raise BadMove("NO_MACHINE", "An order is assigned to a machine.")
    if to == "in_progress" and not progress.started:
        raise BadMove("NOT_STARTED", "An order is in progress with its first greige.")
    if to == "completed" and progress.balance > 0 and not (reason or "").strip():
        raise BadMove("BALANCE_LEFT", f"{progress.balance} lb remain: closing the order needs a reason.")


def may_become(now: Status) -> frozenset[Status]:
    """The statuses that an order of this one may take next."""
    return _NEXT[now]


def days_until(due: date | None, as_of: date) -> int | None:
    """Whole days between two dates, 0 for today, negative once overdue (R14, F-66); None without a date."""
    return None if due is None else (due - as_of).days


@dataclass(frozen=True, slots=True)
class KitLine:
    """A yarn of an order: pounds wanted, held (hard and soft), promised from receipts, the last on."""

    yarn: str
    required: Decimal
    allocated: Decimal = ZERO
    expected: Decimal = ZERO
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """How far an order's yarn is there: `coverage` 0 to 1 by its scarcest yarn, `producible` pounds now.

    `ready_on` is when all of it is, None where that is not known; `missing` are the yarns nobody brings.
    """

    status: KitStatus
    coverage: Decimal
    producible: Decimal
    ready_on: date | None
    missing: tuple[str, ...]


def kit(
    lines: Iterable[KitLine], balance: Decimal, as_of: date, parameters: Parameters = DEFAULTS
) -> Kit | None:
    """READY, else PARTIAL, else WAITING for receipts that cover all, else SHORT (E.6); None without a recipe.

    A partial kit whose rest is on its way has its `ready_on` too.
    """
    wanted = [line for line in lines if line.required > 0]
    if not wanted:
        return None
    lacking = [line for line in wanted if line.required - line.allocated > parameters.kit_tolerance_lb]
    if not lacking:
        return Kit("READY", Decimal(1), balance, as_of, ())
    coverage = min(_coverage(line) for line in wanted)
    missing = tuple(line.yarn for line in lacking if _missing(line) > parameters.kit_tolerance_lb)
    dates = [line.expected_on for line in lacking]
    known = [day for day in dates if day is not None]
    ready = None if missing or len(known) < len(dates) else max(as_of, *known)
    status: KitStatus = "PARTIAL" if coverage > 0 else "SHORT" if missing else "WAITING"
    return Kit(status, coverage, EXACT.multiply(balance, coverage), ready, missing)


def _coverage(line: KitLine) -> Decimal:
    return min(Decimal(1), EXACT.divide(max(ZERO, line.allocated), line.required))


def _missing(line: KitLine) -> Decimal:
    return line.required - line.allocated - line.expected


class OrderRisk(NamedTuple):
    """0 to 100 with its parts (A.10). Without a due date `score` and `level` are None, with a reason."""

    score: Decimal | None
    level: Risk | None
    delivery: Decimal | None
    quantity: int
    production: int
    material: int
    reason: str | None = None


def order_risk(
    days: int | None,
    remaining: Decimal,
    *,
    started: bool,
    has_recipe: bool,
    parameters: Parameters = DEFAULTS,
) -> OrderRisk:
    """What is at stake with an order (A.10, F-78): `days` until it is due, pounds that remain."""
    quantity = 0 if remaining < 25 else 30 if remaining > 5000 else 20 if remaining > 2000 else 10
    production = 0 if remaining < 25 else 10 if started else 20
    material = 0 if has_recipe else 10
    if days is None:
        return OrderRisk(None, None, None, quantity, production, material, NO_DUE_DATE)
    delivery = _delivery_risk(days, started=started)
    score = delivery + quantity + production + material
    critical, high, medium = parameters.criticality_levels
    level: Risk = (
        "CRITICAL"
        if score >= critical
        else "HIGH"
        if score >= high
        else "MEDIUM"
        if score >= medium
        else "LOW"
    )
    return OrderRisk(score, level, delivery, quantity, production, material)


def _delivery_risk(days: int, *, started: bool) -> Decimal:
    """At most 40 points: the later, the more; a started order is less likely to be forgotten."""
    if days < -30:
        return Decimal(15 if started else 40)
    if days < 0:
        return Decimal(10) if started else 30 + Decimal(-days) / 3
    if days < 7:
        return Decimal(20)
    return max(ZERO, 20 - Decimal(days) / 2)
