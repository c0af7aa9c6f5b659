"""A whole plan out of one snapshot: the same data and parameters give the same plan, to the last digit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from service.core.collecting import collecting_seldom
from service.mill.planning.advice import Advised, advice
from service.mill.planning.demand import Demanded, demanded
from service.mill.planning.finished import Finished, finished
from service.mill.planning.gates import Gate, bom_coverage, gates
from service.mill.planning.kits import Kits, kits
from service.mill.planning.knitting import Planned, knit_orders
from service.mill.planning.pegs import PlanPeg, pegs
from service.mill.planning.promising import Mode, Promised, promise
from service.mill.planning.requirements import Requirement, requirements
from service.mill.planning.scheduling import Scheduled, schedule_gates, scheduled
from service.mill.planning.yarns import YarnPlan, plan_yarns
from service.mill.rules.ground import Ground
from service.mill.rules.netting import net
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import Recipes, scale_incomplete

NOTHING_PROMISED: Final = Promised((), ())


@dataclass(kw_only=True)
class Plan:
    """What is asked, what it needs, what is there, what is promised and advised, and what is doubtful.

    It is made step by step (`STEPS`). `recipes` are those that were used, `scaled` the sum of each that an
    assumption made add to 1. Without a `schedule` machines are no part of it.
    """

    ground: Ground
    mode: Mode = "independent"
    recipes: Recipes = field(default_factory=lambda: Recipes({}))
    scaled: dict[str, Any] = field(default_factory=dict)
    asked: Finished = field(default_factory=lambda: Finished((), net((), {}), {}))
    planned: Sequence[Planned] = ()
    orders: Sequence[Demanded] = ()
    requirements: Sequence[Requirement] = ()
    yarns: Sequence[YarnPlan] = ()
    promised: Promised = NOTHING_PROMISED
    kits: Kits = field(default_factory=dict)
    schedule: Scheduled | None = None
    pegs: Sequence[PlanPeg] = ()
    advice: Sequence[Advised] = ()
    gates: Sequence[Gate] = ()

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
            "planned_orders": len(self.planned),
            "plannable": sum(one.plannable for one in self.orders),
            "yarns": len(self.yarns),
            "requirements": len(self.requirements),
            "short_yarns": sum(one.first_short is not None for one in self.yarns),
            "actions": len(self.advice),
            "bom_coverage": None if coverage is None else str(coverage),
            **({} if self.schedule is None else {"schedule": self.schedule.stats()}),
        }


Step = Callable[[Plan], None]


def plan(ground: Ground, *, mode: Mode = "independent", kind: str = "plan") -> Plan:
    """Everything that a plan of a kind has, computed. No clock and no chance in it."""
    made = Plan(ground=ground, mode=mode)
    with collecting_seldom():
        for _, step in steps_of(kind):
            step(made)
    return made


def _ask(made: Plan) -> None:
    made.recipes, made.scaled = _recipes(made.ground)
    ground = made.ground = replace(made.ground, recipes=made.recipes)
    made.asked = finished(ground)
    made.planned = knit_orders(ground, made.asked)
    made.orders = demanded(ground, [one.order for one in made.planned])


def _require(made: Plan) -> None:
    weeks = made.ground.parameters.weeks_horizon
    made.requirements = requirements(made.ground, made.orders, made.recipes, weeks)


def _balance(made: Plan) -> None:
    made.yarns = plan_yarns(made.ground, made.requirements, made.ground.parameters.weeks_horizon)


def _promise(made: Plan) -> None:
    made.promised = promise(made.ground, made.orders, made.requirements, made.mode)
    made.kits = kits(made.ground, made.orders, made.promised)


def _schedule(made: Plan) -> None:
    if made.ground.plant is not None:
        made.schedule = scheduled(made.ground, made.ground.plant, made.orders, made.kits)


def _peg(made: Plan) -> None:
    made.pegs = pegs(made.ground, made.orders, made.yarns)


def _advise(made: Plan) -> None:
    made.advice = advice(made.ground, made.yarns, made.planned)


def _doubt(made: Plan) -> None:
    found = gates(made.ground, made.orders, made.yarns, made.scaled, made.asked)
    made.gates = [*found, *schedule_gates(made.schedule)]


STEPS: Final[Sequence[tuple[str, Step]]] = (
    ("demand", _ask),
    ("requirements", _require),
    ("balances", _balance),
    ("promises", _promise),
    ("schedule", _schedule),
    ("pegs", _peg),
    ("advice", _advise),
    ("doubts", _doubt),
)
"""What a plan is made of, in this order: each stands on those before it."""
_LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "mrp": frozenset({"promises", "schedule"}),
    "time_phased": frozenset({"promises", "schedule", "pegs", "advice"}),
    "allocation": frozenset({"schedule", "pegs", "advice"}),
}


def steps_of(kind: str) -> list[tuple[str, Step]]:
    """The steps of a kind of plan; `plan`, and what has no parts of its own, has all of them."""
    without = _LEFT_OUT.get(kind, frozenset())
    return [(name, step) for name, step in STEPS if name not in without]


def parts_apart(kind: str, other: str) -> frozenset[str]:
    """The parts, by name of their step, that only one of two kinds of plans has."""
    return _LEFT_OUT.get(kind, frozenset()) ^ _LEFT_OUT.get(other, frozenset())


def _recipes(ground: Ground) -> tuple[Recipes, dict[str, Any]]:
    if not ground.parameters.scale_incomplete:
        return ground.recipes, {}
    _, near = ground.parameters.bom_sum_tolerance
    recipes, sums = scale_incomplete(ground.recipes, near)
    return recipes, {style: str(rounded(total, 8)) for style, total in sums.items()}
