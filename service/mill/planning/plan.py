"""A whole plan out of one snapshot: the same data and parameters give the same plan, to the last digit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.mill.planning.demand import Demanded, demanded
from service.mill.planning.gates import Gate, bom_coverage, gates
from service.mill.planning.kits import Kits, kits
from service.mill.planning.promising import Mode, Promised, promise
from service.mill.planning.requirements import Requirement, requirements
from service.mill.planning.scheduling import Scheduled, scheduled
from service.mill.planning.yarns import YarnPlan, plan_yarns
from service.mill.rules.ground import Ground
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import Recipes, scale_incomplete


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked, what it needs, what is there, what is promised, and what is doubtful about it.

    `recipes` are those that were used, `scaled` the sum of each that an assumption made add to 1.
    """

    ground: Ground
    recipes: Recipes
    scaled: dict[str, Any]
    orders: Sequence[Demanded]
    requirements: Sequence[Requirement]
    yarns: Sequence[YarnPlan]
    promised: Promised
    gates: Sequence[Gate]
    kits: Kits
    schedule: Scheduled | None
    """None where machines are no part of it."""

    @property
    def assumptions(self) -> list[dict[str, Any]]:
        """What was assumed rather than known; every answer of the plan says so."""
        changed = self.ground.parameters.changed()
        told = [{"parameter": name, "value": value} for name, value in sorted(changed.items())]
        if self.scaled:
            told.append({"assumption": "scale_incomplete", "styles": sorted(self.scaled)})
        return told

    @property
    def stats(self) -> dict[str, Any]:
        """Figures of the plan as a whole."""
        coverage = bom_coverage(self.orders)
        return {
            "orders": len(self.orders),
            "plannable": sum(one.plannable for one in self.orders),
            "yarns": len(self.yarns),
            "requirements": len(self.requirements),
            "short_yarns": sum(one.first_short is not None for one in self.yarns),
            "bom_coverage": None if coverage is None else str(coverage),
            **({} if self.schedule is None else {"schedule": self.schedule.stats()}),
        }


def plan(ground: Ground, *, mode: Mode = "independent") -> Plan:
    """Everything, computed. No clock and no chance in it."""
    weeks = ground.parameters.weeks_horizon
    recipes, scaled = _recipes(ground)
    orders = demanded(replace(ground, recipes=recipes))
    rows = requirements(ground, orders, recipes, weeks)
    yarns = plan_yarns(ground, rows, weeks)
    promised = promise(ground, orders, rows, mode)
    found = kits(ground, orders, promised)
    return Plan(
        ground=ground,
        recipes=recipes,
        scaled=scaled,
        orders=orders,
        requirements=rows,
        yarns=yarns,
        promised=promised,
        gates=gates(ground, orders, yarns, scaled),
        kits=found,
        schedule=None if ground.plant is None else scheduled(ground, ground.plant, orders, found),
    )


def _recipes(ground: Ground) -> tuple[Recipes, dict[str, Any]]:
    if not ground.parameters.scale_incomplete:
        return ground.recipes, {}
    _, near = ground.parameters.bom_sum_tolerance
    recipes, sums = scale_incomplete(ground.recipes, near)
    return recipes, {style: str(rounded(total, 8)) for style, total in sums.items()}
