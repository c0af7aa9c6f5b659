"""Who and what the mill works with: suppliers, yarns, work centres, machines. All of it is invented."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from service.simulators.mill.plan import Plan

_COLOURS: Final = ("NATURAL", "WHITE", "BLACK", "GREY", "NAVY", "RED", "CAMEL")
_DENIERS: Final = ((1, 40, 13), (1, 70, 34), (2, 70, 34), (1, 150, 36), (1, 150, 48), (2, 150, 68))
_COUNTS: Final = ("30/1", "18/1", "26/2", "40/1", "1.5/1", "24/1")
_SPUN: Final = (("COTTON", "COMBED COTTON", "100% COTTON"), ("RAYON", "VISCOSE", "60% COTTON 40% RAYON"))
_FILAMENT: Final = (("POLY", "POLY SEMI-DULL", "100% POLY"), ("NYLON", "NYLON", "100% NYLON"))
_KINDS: Final = ("F", "M", "C", "V", "P", "T", "FOW")
CUSTOMERS: Final = tuple(f"CUST-{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX")


@dataclass(frozen=True, slots=True)
class Supplier:
    """`lead_time` is as the file has it: a number without a unit, or the word Remove."""

    code: str
    name: str
    lead_time: str
    minimum: Decimal
    origin: str


@dataclass(frozen=True, slots=True)
class Yarn:
    """A yarn; `size` is as Excel leaves it, now and then a date. `cost` 0 is a customer's own yarn."""

    code: str
    customer: str
    supplier: str
    description: str
    colour: str
    kind: str
    ply: str
    size: str
    filaments: str
    blend: str
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine at the work centre of that number."""

    code: str
    centre: int


@dataclass(frozen=True, slots=True)
class Masters:
    """`yarns` holds the stocked ones first, in the order of their codes, then those only recipes know.

    `ranked` are positions in `yarns`: what recipes use most comes first.
    """

    suppliers: tuple[Supplier, ...]
    yarns: tuple[Yarn, ...]
    ranked: tuple[int, ...]
    centres: tuple[str, ...]
    machines: tuple[Machine, ...]


def masters(plan: Plan) -> Masters:
    """All master data of a plan but its styles."""
    counts = plan.counts
    chance = plan.chance("masters")
    suppliers = _suppliers(plan, chance)
    active = [one for one in suppliers if one.lead_time != "Remove"]
    unstocked = 0 if plan.whole else counts.unstocked_yarns
    yarns = tuple(_yarn(number, active, chance) for number in range(counts.yarns + unstocked))
    known = chance.permutation(counts.yarns)[: counts.bom_yarns]
    ranked = (*map(int, known), *range(counts.yarns, len(yarns)))
    return Masters(suppliers, yarns, ranked, _centres(counts.centres), _machines(plan, chance))


def _suppliers(plan: Plan, chance: np.random.Generator) -> tuple[Supplier, ...]:
    made = []
    removed = plan.counts.suppliers - plan.counts.removed_suppliers
    for number in range(plan.counts.suppliers):
        lead = "Remove" if number >= removed else str(chance.integers(4, 15))
        minimum = Decimal(int(chance.choice((10, 100, 250, 500, 1_000, 2_000, 10_000))))
        origin = "Import" if chance.random() < 0.4 else "Domestic"
        made.append(Supplier(f"SUP-{number + 1:03}", f"SPINNER {number + 1:03} ", lead, minimum, origin))
    return tuple(made)


def _yarn(number: int, suppliers: list[Supplier], chance: np.random.Generator) -> Yarn:
    spun = chance.random() < 0.35
    colour = _COLOURS[chance.integers(len(_COLOURS))]
    owned = chance.random() < 298 / 1_199
    customer = CUSTOMERS[chance.integers(len(CUSTOMERS))] if owned else ""
    supplier = customer or suppliers[chance.integers(len(suppliers))].code
    cost = Decimal(0) if owned else Decimal(int(chance.integers(180, 950))) / 100
    kind, words, blend = (_SPUN if spun else _FILAMENT)[chance.integers(2)]
    if spun:
        count = _COUNTS[chance.integers(len(_COUNTS))]
        size, ply = count.split("/")
        filaments, text = "", count
        if number % 9 == 7:
            size = "1-Jun"  # Excel reads 1/6 as the first of June, and writes it back so
    else:
        strands = _DENIERS[chance.integers(len(_DENIERS))]
        ply, size, filaments = map(str, strands)
        text = f"{ply}/{size}/{filaments}"
    trailing = "  " if number % 5 == 0 else ""
    described = f"{text} {words}{trailing}"
    return Yarn(
        str(90_001 + number), customer, supplier, described, colour, kind, ply, size, filaments, blend, cost
    )


def _centres(count: int) -> tuple[str, ...]:
    """Codes `construction.diameter.needle-cut.type`, all different; some parts have one digit."""
    diameters, cuts = (30, 26, 34, 7, 24), (28, 24, 18, 20, 9)
    made = []
    for number in range(count):
        construction = number % 10 + 1
        diameter = diameters[number // 10 % 5]
        made.append(f"{construction}.{diameter}.{cuts[number // 50 % 5]}.{_KINDS[(number // 10) % 7]}")
    return tuple(made)


def _machines(plan: Plan, chance: np.random.Generator) -> tuple[Machine, ...]:
    """Each work centre has a machine at least, some have many: at most 17 (spec A.11)."""
    counts = plan.counts
    room = np.zeros(counts.centres, dtype=np.int64)
    made = []
    for number in range(counts.machines):
        centre = number if number < counts.centres else int(counts.centres * chance.random() ** 2)
        while room[centre] >= 17:
            centre = (centre + 1) % counts.centres
        room[centre] += 1
        made.append(Machine(str(11 + number), centre))
    return tuple(made)
