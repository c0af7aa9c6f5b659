"""What a plan advises (E.6.10, E.6.11): for yarns to buy, for styles to knit, substitutes for what lacks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.mill.planning.knitting import Planned
from service.mill.planning.yarns import YarnPlan
from service.mill.rules.actions import Action, Case, Receipt, advise, substituted, uncovered
from service.mill.rules.ground import Ground, ReceiptGround
from service.mill.rules.lots import MONDAY_TO_FRIDAY, release
from service.mill.rules.naming import numbered, receipt_names
from service.mill.rules.substitution import Substitute
from service.mill.rules.weeks import arrival_week, bucket_of, week_start


@dataclass(frozen=True, slots=True)
class Advised:
    """An advice with the name that it has in every plan; `is_yarn`: its item is a yarn, else a style."""

    key: str
    action: Action
    is_yarn: bool


def advice(ground: Ground, yarns: Sequence[YarnPlan], planned: Sequence[Planned]) -> list[Advised]:
    """Yarns by code, then what is to be knitted."""
    named = _Names(ground.receipts)
    found = [named.named(one, is_yarn=True) for yarn in yarns for one in _of_yarn(ground, yarn)]
    return [*found, *(named.named(_knit(ground, one), is_yarn=False) for one in planned)]


def case_of(ground: Ground, yarn: YarnPlan) -> Case:
    """All that the advice for a yarn rests on."""
    weeks = len(yarn.weekly.weeks)
    return Case(
        code=yarn.yarn.code,
        as_of=ground.as_of,
        opening=yarn.yarn.opening,
        demand=[week.demand for week in yarn.weekly.weeks],
        receipts=list(_receipts(ground, yarn.receipts, weeks)),
        safety=yarn.yarn.safety_stock,
        lead=yarn.lead,
        rule=yarn.sized.rule,
    )


def _of_yarn(ground: Ground, yarn: YarnPlan) -> Iterator[Action]:
    actions = advise(case_of(ground, yarn), ground.parameters).actions
    yield from actions
    offered = [_offered(ground, one) for one in ground.substitutes.get(yarn.yarn.code, ())]
    for action in uncovered(actions) if offered else ():
        yield from substituted(action, offered)


def _offered(ground: Ground, one: Substitute) -> Substitute:
    """The substitute with what is free of it in this snapshot."""
    yarn = ground.yarns[one.yarn]
    return Substitute(
        one.yarn, one.score, yarn.planning, yarn.safety_stock, one.factor, one.approved, one.valid_from,
        one.valid_to,
    )  # fmt: skip


def _receipts(ground: Ground, receipts: Iterable[ReceiptGround], weeks: int) -> Iterator[Receipt]:
    policy = ground.parameters.past_due_policy
    for one in receipts:
        week = arrival_week(one.kind, one.due, ground.as_of, policy, weeks)
        if week is not None:
            yield Receipt(one.id, week, one.pounds, one.due)


def _knit(ground: Ground, planned: Planned) -> Action:
    """MAKE, or RELEASE where its yarn should be on the machine already."""
    order, lead = planned.order, ground.parameters.production_lead_days
    need = order.due
    off = None if need is None else release(max(need, ground.as_of), lead, ground.as_of, MONDAY_TO_FRIDAY)
    return Action(
        code=order.style,
        kind="RELEASE" if off is not None and off.days_late else "MAKE",
        quantity=order.pounds,
        to_bucket=None if need is None else bucket_of(need, ground.as_of),
        to_date=None if need is None else week_start(need, 0),
        release_date=None if off is None else off.day,
        days_late=0 if off is None else off.days_late,
        trigger={
            "item": order.style,
            "order": order.number,
            "need_date": None if need is None else need.isoformat(),
            "lead_days": lead,
            "lead_source": "production_lead_days",
            "serves": [one["number"] for one in planned.serves],
            "net_lb": [one["served_lb"] for one in planned.serves],
            "min_batch_lb": str(ground.parameters.min_batch_lb),
        },
    )


class _Names:
    """Gives each advice the name that it has from plan to plan."""

    def __init__(self, receipts: Iterable[ReceiptGround]) -> None:
        self._given: Counter[str] = Counter()
        self._receipts = receipt_names((one.id, one.po, one.line, one.due) for one in receipts)

    def named(self, action: Action, *, is_yarn: bool) -> Advised:
        """The advice under its name."""
        code, kind, receipt, substitute, when = action.key
        parts = [
            "yarn" if is_yarn else "style",
            code,
            kind,
            None if receipt is None else self._receipts[receipt],
            substitute,
            None if when is None else when.isoformat(),
        ]
        name = "/".join(part for part in parts if part is not None)
        self._given[name] += 1
        return Advised(numbered(name, self._given[name]), action, is_yarn)
