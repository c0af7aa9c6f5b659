"""The mill of spec F.7: work centre W1 with M1 and M2, 25 lb/h, hours from 0."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from service.mill.rules.scheduling.rates import Rates
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.shop import Job, Machine, Operation, Plan, Shop
from service.mill.rules.scheduling.windows import Window, Windows

LB_PER_DAY = Decimal(600)
"""25 lb/h in a day of 24 hours."""


def job(order: str, pounds: int | str, due: float | None = None, priority: int = 3, **more: object) -> Job:
    """An order of W1, of a style of its own unless told otherwise."""
    given = {"style": f"S-{order}", "center": "W1", **more}
    return Job(order=order, pounds=Decimal(pounds), due=due, priority=priority, **given)  # type: ignore[arg-type]


def machines(count: int = 2, windows: Sequence[Window] | None = None, center: str = "W1") -> list[Machine]:
    """M1, M2, …"""
    return [
        Machine(code=f"M{at}", center=center, windows=None if windows is None else Windows(windows))
        for at in range(1, count + 1)
    ]


def shop(
    made: Sequence[Machine] | None = None, setup: float = 0.0, rates: Rates | None = None, **more: object
) -> Shop:
    """That mill; every style knits 25 lb/h unless told otherwise."""
    setups = more.pop("setups", Setups(default=setup))
    known = rates or Rates(plant_per_day=LB_PER_DAY)
    return Shop(machines=made or machines(), rates=known, setups=setups, **more)  # type: ignore[arg-type]


def placed(plan: Plan) -> Mapping[str, tuple[str, float, float]]:
    """Machine, set-up start and end of each order."""
    return {one.order: (one.machine, one.setup_start, one.end) for one in plan.operations}


def refused(plan: Plan) -> Mapping[str, str]:
    """The reason of each order that has no place."""
    return {one.order: one.reason for one in plan.unscheduled}


def lates(plan: Plan) -> Sequence[Operation]:
    """The operations that end after their due time."""
    return [one for one in plan.operations if one.late]
