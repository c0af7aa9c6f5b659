"""Examples of compared plans for OpenAPI: spec F-58 with a receipt a week late."""

from typing import Any, Final

from service.mill.router.plan_examples import DATA

ASK: Final[dict[str, Any]] = {
    "changes": [{"change": "delay_receipt", "purchase_order": "PO-1", "days": 7}],
    "as_of": "2025-09-03",
}
_BEFORE: Final[dict[str, Any]] = {
    "as_of": "2025-09-03",
    "short_yarns": [{"yarn": "Y3", "first_short_on": "2025-09-03"}],
    "late_orders": [],
    "orders_without_ready_day": ["O2", "O3"],
    "actions": 2,
}
_AFTER: Final[dict[str, Any]] = {
    **_BEFORE,
    "short_yarns": [*_BEFORE["short_yarns"], {"yarn": "Y1", "first_short_on": "2025-09-11"}],
}
_PARTS: Final[dict[str, Any]] = {
    "before": _BEFORE,
    "after": _AFTER,
    "causes": [
        {
            "number": 0,
            "code": "receipt_late",
            "subject": "PO-1:1",
            "detail": "it comes later",
            "before": "2025-09-10",
            "after": "2025-09-17",
            "touches_everything": False,
        }
    ],
    "yarns": [
        {
            "subject": "Y1",
            "kind": "changed",
            "figures": [{"figure": "first_short_on", "before": None, "after": "2025-09-11"}],
            "causes": [0],
            "cause_known": True,
        }
    ],
    "orders": [],
    "actions": [],
}
COMPARISON: Final[dict[str, Any]] = {**_PARTS, "left_out": [], "other": {**DATA, "plan": 40}, "data": DATA}
WHAT_IF: Final[dict[str, Any]] = {
    **_PARTS,
    "suffering": [
        {
            "order": "O2",
            "yarn": "Y1",
            "receipt": "PO-1:1",
            "pounds_late_lb": "267.7100",
            "days_late": 16,
            "pounds_unmet_lb": "0.0000",
        }
    ],
    "as_of": "2025-09-03",
    "complete": False,
    "reasons": DATA["reasons"],
    "assumptions": DATA["assumptions"],
}
