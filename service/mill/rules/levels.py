"""The planning records of all items of recipes, level by level: each netted once for all it serves (E.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.mill.rules.lots import LOT_FOR_LOT, LotRule
from service.mill.rules.quantities import EXACT, ZERO
from service.mill.rules.record import RecordWeek, planning_record

Components = Mapping[str, Sequence[tuple[str, Decimal]]]
"""Of each item the pounds of others that a pound of it takes, losses included."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an item is planned with; without receipts none are on their way."""

    on_hand: Decimal = ZERO
    safety: Decimal = ZERO
    receipts: Sequence[Decimal] | None = None
    firm: Sequence[Decimal] | None = None
    lead_weeks: int = 0
    rule: LotRule = LOT_FOR_LOT


def net_levels(
    items: Iterable[str],
    demand: Mapping[str, Sequence[Decimal]],
    components: Components,
    terms: Mapping[str, Terms],
    weeks: int,
) -> dict[str, list[RecordWeek]]:
    """Records of `items`, which come parents first (`topology`), for demand from outside by item and week.

    What a parent orders is wanted of its components in the week it is released, at the earliest now (E.6.7).
    """
    gross = {item: list(wanted) for item, wanted in demand.items()}
    nothing = [ZERO] * weeks
    records: dict[str, list[RecordWeek]] = {}
    for item in items:
        of = terms.get(item, Terms())
        records[item] = planning_record(
            of.on_hand,
            of.safety,
            gross.get(item, nothing),
            of.receipts if of.receipts is not None else nothing,
            firm=of.firm,
            lead_weeks=of.lead_weeks,
            rule=of.rule,
        )
        for component, per in components.get(item, ()):
            wanted = gross.setdefault(component, list(nothing))
            for week in records[item]:
                if week.release is not None:
                    wanted[max(0, week.release)] += EXACT.multiply(week.planned, per)
    return records
