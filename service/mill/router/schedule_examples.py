"""Examples of schedules for OpenAPI: those of spec F-59."""

from typing import Any, Final

from service.mill.router.plan_examples import DATA

ASK: Final[dict[str, Any]] = {
    "as_of": "2025-09-03",
    "parameters": {"schedule_rule": "EDD", "schedule_split": 2},
}
OPERATION: Final[dict[str, Any]] = {
    "order": "D",
    "part": 1,
    "style": "S-D",
    "machine": "M2",
    "work_center": "1.30.28.F",
    "setup_start": "2025-09-05T04:00:00Z",
    "run_start": "2025-09-05T04:00:00Z",
    "run_end": "2025-09-05T16:00:00Z",
    "quantity_lb": "300.0000",
    "due_date": "2025-09-03",
    "priority": 3,
    "late_hours": 36.0,
    "frozen": False,
    "why": {
        "waited_for": "machine",
        "waited_hours": {"machine": 48.0},
        "alternatives": 2,
        "next_best": {"machine": "M1", "end": "2025-09-07T16:00:00Z"},
        "others": [{"machine": "M1", "end": "2025-09-07T16:00:00Z"}],
        "rate_source": "style",
        "rate_estimated": False,
    },
}
LOAD: Final[dict[str, Any]] = {
    "work_center": "1.30.28.F",
    "bucket": 0,
    "week_start": "2025-09-01",
    "iso_week": "2025-W36",
    "machines": 2,
    "capacity_h": 240.0,
    "load_h": 156.0,
    "load_pct": 65.0,
    "required_h": 156.0,
    "required_pct": 65.0,
    "level": "OK",
}
_OF: Final[dict[str, Any]] = {
    "run_id": 41, "published": True, "from": "2025-09-03T04:00:00Z", "zone": "America/New_York", "data": DATA
}  # fmt: skip
SCHEDULE: Final[dict[str, Any]] = {
    **_OF,
    "rule": "PRIORITY_EDD",
    "operations": [OPERATION],
    "operations_total": 4,
    "unscheduled": [
        {"order": "E", "style": "S-E", "reason": "NO_ELIGIBLE_MACHINE", "detail": None, "yarns": []},
        {
            "order": "K", "style": "S-K", "reason": "NO_MATERIAL", "detail": None,
            "yarns": [{"yarn": "Y3", "missing_lb": "400.0000"}],
        },
    ],
    "metrics": {
        "orders": 4, "with_due": 4, "on_time": 3, "on_time_pct": 75.0, "total_late_h": 36.0,
        "max_late_h": 36.0, "makespan_h": 96.0, "setup_h": 0.0, "unscheduled": 2, "estimated_rates": 0,
    },
    "machines": [
        {
            "machine": "M1", "work_center": "1.30.28.F", "status": "available", "busy_h": 96.0,
            "window_h": 96.0, "utilisation_pct": 100.0,
        }
    ],
}  # fmt: skip
GANTT: Final[dict[str, Any]] = {
    **_OF,
    "to": "2025-09-08T04:00:00Z",
    "rows": [{"machine": "M2", "work_center": "1.30.28.F", "blocks": [OPERATION]}],
    "outside": 0,
}
PUBLISHED: Final[dict[str, Any]] = {
    "run_id": 41, "before": 40, "placed": 4, "released": 0, "skipped": []
}  # fmt: skip
EXPLANATION: Final[dict[str, Any]] = {
    "subject": "Order D in schedule 41",
    "value": 36.0,
    "unit": "hours",
    "rule": "Hours after 24:00 of the due date at which the last part ends.",
    "rule_version": "mill-schedule/1",
    "inputs": [{"name": "due", "value": "2025-09-04T04:00:00+00:00"}],
    "steps": [
        {"rule": "waited for a machine", "outcome": "begins when M2 is free", "value": 48.0, "unit": "hours"}
    ],
}
