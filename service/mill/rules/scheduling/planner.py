"""A whole finite plan: the list schedule, improved where asked for, then moved towards the due dates."""

from collections.abc import Sequence

from service.mill.rules.scheduling.backward import as_late_as_due
from service.mill.rules.scheduling.engine import Options, schedule
from service.mill.rules.scheduling.improvement import improve
from service.mill.rules.scheduling.sequences import Timing
from service.mill.rules.scheduling.shop import Job, Operation, Plan, Shop


def finite_plan(
    jobs: Sequence[Job], shop: Shop, options: Options | None = None, frozen: Sequence[Operation] = ()
) -> Plan:
    """Everything the options ask for (spec E.7); equal input in any order gives the equal plan.

    Raises:
        ValueError: frozen operations overlap, or two jobs have the same order number.
    """
    asked = options or Options()
    plan = schedule(jobs, shop, asked, frozen)
    timing = Timing(shop.setups, asked.now, asked.split_setup)
    if asked.trials:
        plan = improve(plan, shop.machines, timing, asked.trials)
    if asked.direction == "backward":
        plan = as_late_as_due(plan, shop.machines, timing)
    return plan
