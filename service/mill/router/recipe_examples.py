"""Examples of recipes: spec F-18, F-19, F-21, F-23, F-30."""

from typing import Any, Final

from service.mill.router.allocation_examples import DATA

STYLE: Final[dict[str, Any]] = {
    "style_code": "GK1001/1",
    "base_code": "GK1001",
    "stage": "greige",
    "bom_status": "ok",
    "loss_mode": "add_on",
    "yds_per_lb": "1.290000",
    "oz_per_lin_yd": None,
    "width_in": "60.000",
    "gsm": "180.000",
    "lb_per_piece": None,
    "rate_lb_per_day": "616.0000",
    "work_center": "6.30.28.F",
    "conversion_cost_per_lb": "0.8500",
    "status": "active",
    "row_version": 1,
}
STYLES: Final[dict[str, Any]] = {
    "items": [STYLE],
    "page": {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False},
    "count": 1,
    "data": DATA,
}
STYLE_DETAIL: Final[dict[str, Any]] = {
    **STYLE,
    "aliases": [{"alias_code": "F1001", "kind": "fstyle", "method": "file", "version": "1"}],
    "data": DATA,
}
BOM: Final[dict[str, Any]] = {
    "style_code": "F1",
    "as_of": "2025-09-03",
    "loss_mode": "add_on",
    "bom_status": "ok",
    "reason": None,
    "cycles": [],
    "nodes": [
        {
            "level": 1,
            "path": ["F1"],
            "component": "G1",
            "kind": "style",
            "per_lb": "1.0300000000",
            "per_top_lb": "1.0300000000",
            "bom_status": "ok",
        },
        {
            "level": 2,
            "path": ["F1", "G1"],
            "component": "Y1",
            "kind": "yarn",
            "per_lb": "0.7140000000",
            "per_top_lb": "0.7354200000",
            "bom_status": None,
        },
    ],
    "yarn_per_lb": {"Y1": "0.7354200000"},
    "assumptions": [],
    "data": DATA,
}
WHERE_USED: Final[dict[str, Any]] = {
    "yarn_code": "Y1",
    "as_of": "2025-09-03",
    "count": 2,
    "styles": 2,
    "items": [
        {"style_code": "G1", "level": 1, "path": ["G1"], "per_lb": "0.7140000000"},
        {"style_code": "F1", "level": 2, "path": ["G1", "F1"], "per_lb": "0.7354200000"},
    ],
    "assumptions": [],
    "data": DATA,
}
EXPLODE_ASK: Final[dict[str, Any]] = {"items": [{"style": "F1", "quantity": "500", "uom": "lb"}]}
_ITEM: Final[dict[str, Any]] = {
    "item": 0,
    "style_code": "F1",
    "named": "F1",
    "quantity": "500",
    "uom": "lb",
    "quantity_lb": "500.0000",
    "source": "lb",
    "estimated": False,
    "reason": None,
    "from_stages_lb": "0.0000",
    "exploded_lb": "500.0000",
}
EXPLODED: Final[dict[str, Any]] = {
    "as_of": "2025-09-03",
    "items": [_ITEM],
    "rows": [
        {
            "item": 0,
            "path": ["F1", "G1"],
            "levels": [
                {"style_code": "F1", "quantity_lb": "500.0000"},
                {"style_code": "G1", "quantity_lb": "515.0000"},
            ],
            "yarn_code": "Y1",
            "gross_lb": "367.7100",
        }
    ],
    "styles": [{"style_code": "F1", "gross_lb": "500.0000"}, {"style_code": "G1", "gross_lb": "515.0000"}],
    "yarns": [
        {
            "yarn_code": "Y1",
            "gross_lb": "367.7100",
            "setup_lb": "0.0000",
            "theoretical_balance_lb": None,
            "net_lb": None,
        }
    ],
    "gross_lb": "367.7100",
    "cycles": [],
    "warnings": [],
    "assumptions": [],
    "data": DATA,
}
CONVERT_ASK: Final[dict[str, Any]] = {"quantity": "5000", "uom": "yd", "yds_per_lb": "1.29"}
CONVERTED: Final[dict[str, Any]] = {
    "style_code": None,
    "quantity": "5000",
    "uom": "yd",
    "quantity_lb": "3875.9690",
    "to": "lb",
    "converted": "3875.9690",
    "sources": ["yds_per_lb", "lb"],
    "estimated": False,
    "factors": [{"name": "yds_per_lb", "value": "1.29", "source": "request"}],
    "data": DATA,
}
YARN_NEEDS_ASK: Final[dict[str, Any]] = {"items": [{"style": "S1", "quantity": "1000"}]}
YARN_NEEDS: Final[dict[str, Any]] = {
    "as_of": "2025-09-03",
    "fabric_waste": "0.03",
    "yarn_shrinkage": "0.02",
    "factor": "1.0506",
    "items": [
        {
            **_ITEM,
            "style_code": "S1",
            "named": "S1",
            "quantity": "1000",
            "quantity_lb": "1000.0000",
            "exploded_lb": "1050.6000",
            "factor": "1.05060000",
            "factor_source": "fabric_waste and yarn_shrinkage",
        }
    ],
    "yarns": [{"yarn_code": "Y1", "base_lb": "1000.0000", "required_lb": "1050.6000"}],
    "base_lb": "1000.0000",
    "required_lb": "1050.6000",
    "warnings": [],
    "assumptions": [],
    "data": DATA,
}
NETTING_ASK: Final[dict[str, Any]] = {
    "demands": [{"order_no": "D1", "style": "S1", "quantity": "50"}],
    "stock": [{"style": "S1", "stage": "I01", "quantity_lb": "100"}],
}
NETTED: Final[dict[str, Any]] = {
    "as_of": "2025-09-03",
    "stage_order": ["F01", "I01", "G02", "G00", "KO"],
    "items": [
        {
            "order_no": "D1",
            "style_code": "S1",
            "priority": 3,
            "due_date": None,
            "demand_lb": "50.0000",
            "used_lb": {"I01": "50.0000"},
            "net_lb": "0.0000",
            "coverage_pct": "100.00",
            "first_available": "2025-09-05",
            "reason": None,
        }
    ],
    "styles": [
        {
            "style_code": "S1",
            "demand_lb": "50.0000",
            "used_lb": {"I01": "50.0000"},
            "net_lb": "0.0000",
            "coverage_pct": "100.00",
            "first_available": "2025-09-05",
            "reason": None,
        }
    ],
    "weeks": [
        {"style_code": "S1", "week_start": None, "iso_week": None, "demand_lb": "50.0000", "net_lb": "0.0000"}
    ],
    "planned_orders": [],
    "used_lb": {"F01": "0.0000", "I01": "50.0000", "G02": "0.0000", "G00": "0.0000", "KO": "0.0000"},
    "left": [{"style_code": "S1", "stage": "I01", "quantity_lb": "50.0000"}],
    "demand_lb": "50.0000",
    "net_lb": "0.0000",
    "data": DATA,
}
