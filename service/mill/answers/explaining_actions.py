"""Why a plan advises something: the values that triggered it, and how its quantity follows from them."""

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.explaining import Rule, explained, given
from service.mill.answers.plans import MadePlan
from service.mill.queries.plan_explained import sum_hastened
from service.schemas.envelope import Explanation, ExplanationInput

_LOTS: Final[Rule] = (
    "quantity = sum of the lots of what is missing; missing = safety_stock - balance; it leaves in time",
    "spec E.6.6, E.6.7, E.6.10",
)
RULES: Final[dict[str, Rule]] = {
    "ORDER": _LOTS,
    "RELEASE": _LOTS,
    "INCREASE": ("quantity = what is missing, in whole multiples", "spec E.6.10"),
    "MAKE": ("quantity = the sum of what it serves, at least the smallest batch", "spec E.6.3"),
    "EXPEDITE": ("quantity = the less of what is missing and what is left of the receipt", "spec E.6.10"),
    "DEFER": ("quantity = the whole receipt: nothing is short before the week it is moved to", "spec E.6.10"),
    "CANCEL": (
        "quantity = the whole receipt: without it nothing ever falls below safety_stock",
        "spec E.6.10",
    ),
    "DECREASE": (
        "quantity = the less of the receipt and of lowest_balance - safety_stock: that part is never needed",
        "spec E.6.10",
    ),
    "FENCE_CONFLICT": ("quantity = what is missing beyond what was told before", "spec E.6.10"),
    "SUBSTITUTE": ("quantity = the less of short x factor and of what is free", "spec E.6.11"),
}


async def explain_action(conn: ReadConnection, made: MadePlan, row: Row[Any]) -> Explanation:
    """The quantity of an advice."""
    inputs = [_input(name, value) for name, value in row.trigger.items()]
    if row.expected_receipt_id is not None:
        receipt, number = row.expected_receipt_id, made.number
        taken = await sum_hastened(conn, number, receipt, row.seq)
        inputs.append(given("receipt_lb", row.receipt_lb))
        inputs.append(given("hastened_before_lb", Decimal(taken)))
    days = ("from_date", "to_date", "release_date", "days_late")
    inputs.extend(given(name, getattr(row, name)) for name in days)
    rule = _LOTS_OF_STYLE if row.yarn_code is None else RULES[row.action]
    subject = f"{row.action} of {row.yarn_code or row.trigger.get('item')}"
    return explained(made, subject, row.quantity, rule, inputs)


_LOTS_OF_STYLE: Final = RULES["MAKE"]


def _input(name: str, value: Any) -> ExplanationInput:
    return ExplanationInput(name=name, value=value)
