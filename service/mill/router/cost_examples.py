"""Examples of costs and substitutes: spec F-72, F-77, F-79, F-81."""

from typing import Any, Final

from service.mill.router.allocation_examples import DATA

STYLE: Final[dict[str, Any]] = {
    "style_code": "G2",
    "as_of": "2025-09-03",
    "material_per_lb": "2.520000",
    "conversion_per_lb": "0.850000",
    "overhead_per_lb": "0.000000",
    "unit_cost_per_lb": None,
    "complete": False,
    "reason": "COST_MISSING",
    "missing_costs": 1,
    "missing": ["Y3"],
    "missing_conversion": [],
    "lines": [
        {
            "level": 1,
            "path": ["G2"],
            "component": "Y1",
            "kind": "yarn",
            "per_top_lb": "0.6000000000",
            "cost_per_lb": "4.2000",
            "amount_per_lb": "2.520000",
        }
    ],
    "assumptions": [],
    "data": DATA,
}
ORDER: Final[dict[str, Any]] = {
    "order_no": "KO-700001",
    "style_code": "GK1001/1",
    "as_of": "2025-09-03",
    "balance_lb": "100.0000",
    "unit_cost_per_lb": "5.000000",
    "setup_hours": "1",
    "machine_rate_per_hour": "20.0000",
    "cost": "520.00",
    "complete": True,
    "reason": None,
    "missing": [],
    "missing_conversion": [],
    "assumptions": ["set up 1 times for 1 h each"],
    "data": DATA,
}
VARIANCES_ASK: Final[dict[str, Any]] = {
    "items": [{"actual_price": "4.50", "standard_price": "4.25", "actual_lb": "1000", "standard_lb": "980"}]
}
VARIANCES: Final[dict[str, Any]] = {
    "items": [
        {
            "yarn_code": None,
            "actual_price": "4.5000",
            "standard_price": "4.2500",
            "standard_price_source": "request",
            "actual_lb": "1000.0000",
            "standard_lb": "980.0000",
            "price": {"amount": "250.00", "verdict": "unfavourable", "reason": None},
            "usage": {"amount": "85.00", "verdict": "unfavourable", "reason": None},
        }
    ],
    "data": DATA,
}
RUN_ASK: Final[dict[str, Any]] = {"format": "xlsx"}
RUN: Final[dict[str, Any]] = {
    "id": "6f0e4a0c-9d0c-4b7e-8c38-0c1c1d3a5f20",
    "job": "mill.export",
    "scope": "",
    "state": "queued",
    "params": {"report": "style-costs", "format": "xlsx", "params": {}, "locale": "en"},
    "requested_by": "key:ab12cd34",
    "created_at": "2025-09-03T06:30:00Z",
}
_SIZE: Final[dict[str, Any]] = {
    "text": "28/1",
    "form": "spun",
    "system": "cotton",
    "tex": "21.0893",
    "reason": None,
}
SUBSTITUTES: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "as_of": "2025-09-03",
    "planning_balance_lb": "-300.0000",
    "short_lb": "300.0000",
    "size": {**_SIZE, "text": "30/1", "tex": "19.6833"},
    "items": [
        {
            "yarn_code": "Y2",
            "description": "28/1 COMBED COTTON",
            "source": "named",
            "score": "0.9800",
            "factor": "1.000000",
            "approved": True,
            "valid_from": None,
            "valid_to": None,
            "usable": True,
            "planning_balance_lb": "500.0000",
            "safety_stock_lb": "0.0000",
            "free_lb": "500.0000",
            "size": _SIZE,
            "likeness": {
                "score": "0.9800",
                "colour": "1",
                "composition": "1.0000",
                "weight": "0.9333",
                "difference_pct": "6.67",
                "tolerance_pct": "9.00",
                "near": True,
                "reason": None,
            },
            "row_version": 1,
        }
    ],
    "proposals": [{"yarn_code": "Y2", "use_lb": "300.0000", "covers_lb": "300.0000"}],
    "group": {
        "members": ["Y1", "Y2"],
        "uncounted": [],
        "total_lb": "200.0000",
        "aggregated_shortage_lb": "0.0000",
        "individual_shortage_lb": "300.0000",
        "can_substitute": True,
    },
    "data": DATA,
}
SUBSTITUTE_ASK: Final[dict[str, Any]] = {
    "substitute": "Y2",
    "score": "0.9",
    "reason": "Tried on machine 161.",
}
SUBSTITUTE: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "substitute": "Y2",
    "score": "0.9000",
    "factor": "1.000000",
    "approved": True,
    "valid_from": None,
    "valid_to": None,
    "row_version": 1,
}
