"""A plan that was just computed, as it is compared with others."""

from collections import defaultdict

from service.mill.planning.plan import Plan
from service.mill.planning.yarns import YarnPlan
from service.mill.rules.actions import Action
from service.mill.rules.comparing import ActionFacts, Facts, OrderFacts, ReceiptFacts, YarnFacts
from service.mill.rules.naming import receipt_names
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import as_values


def facts_of(plan: Plan) -> Facts:
    """What of it is compared: the same as its tables would say."""
    ground = plan.ground
    names = receipt_names((one.id, one.po, one.line, one.due) for one in ground.receipts)
    return Facts(
        as_of=ground.as_of,
        parameters=ground.parameters.as_values(),
        yarns={one.yarn.code: _yarn(one) for one in plan.yarns},
        orders=_orders(plan),
        receipts={
            names[one.id]: ReceiptFacts(one.yarn, one.kind, one.due, one.pounds) for one in ground.receipts
        },
        recipes={
            style: as_values(lines, plan.recipes.mode(style)) for style, lines in plan.recipes.lines.items()
        },
        actions={one.key: _action(one.action) for one in plan.advice},
    )


def _yarn(one: YarnPlan) -> YarnFacts:
    first, lot = one.first_short, one.sized.rule.lot
    return YarnFacts(
        known=one.yarn.known,
        opening=one.yarn.opening,
        safety_stock=one.yarn.safety_stock,
        lead_days=one.lead.days,
        gross=one.gross,
        past_due=one.weekly.past_due,
        planned=one.planned,
        first_short_on=None if first is None else first.day,
        first_short=None if first is None else first.pounds,
        largest_short=one.largest_short,
        lots=f"{lot.moq}/{lot.multiple}/{lot.maximum}",
    )


def _orders(plan: Plan) -> dict[str, OrderFacts]:
    needs: dict[int, set[str]] = defaultdict(set)
    styles: dict[int, set[str]] = defaultdict(set)
    for row in plan.requirements:
        needs[row.seq].add(row.yarn)
        styles[row.seq].update(row.path.split(">"))
    found = {}
    for one in plan.orders:
        order, kit = one.order, plan.kits.get(one.order.number)
        found[order.number] = OrderFacts(
            order.style, order.pounds, order.priority, order.status, order.start, order.due, one.need,
            one.plannable, None if kit is None else kit.status,
            None if kit is None else rounded(kit.coverage, 6), None if kit is None else kit.ready_on,
            frozenset(needs[one.seq]), frozenset(styles[one.seq]), order.serves,
        )  # fmt: skip
    return found


def _action(one: Action) -> ActionFacts:
    return ActionFacts(one.kind, one.code, rounded(one.quantity), one.to_date, one.release_date)
