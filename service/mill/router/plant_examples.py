"""Examples of machines, work centres and calendars for OpenAPI."""

from typing import Any, Final

DATA: Final[dict[str, Any]] = {"as_of": "2025-09-03", "complete": True, "reasons": []}
MACHINE: Final[dict[str, Any]] = {
    "machine": "M1",
    "work_center": "1.30.28.F",
    "status": "available",
    "usable": True,
    "efficiency": "0.8500",
    "style": "G2",
    "available_from": None,
    "calendar": "two shifts",
    "calendar_of": "work_center",
    "feeders": 90,
    "rpm": "25.0000",
    "stitch_mm": "2.8000",
    "hourly_rate": None,
    "row_version": 3,
}
CHANGE: Final[dict[str, Any]] = {
    "status": "maintenance",
    "available_from": "2025-09-05T10:00:00Z",
    "reason": "needle bed",
}
SUGGESTIONS: Final[dict[str, Any]] = {
    "machine": "M1",
    "from": "2025-09-03T14:00:00Z",
    "items": [
        {
            "rank": 1,
            "order": "O3",
            "style": "G2",
            "quantity_lb": "500.0000",
            "priority": 1,
            "due_date": "2025-09-06",
            "ready_on": "2025-09-03",
            "yarn": "READY",
            "setup_h": 0.0,
            "run_h": 20.0,
            "end": "2025-09-04T10:00:00Z",
            "late_h": 0.0,
            "rate_source": "style",
            "rate_estimated": False,
            "scheduled_on": None,
            "why": ["YARN_THERE", "SAME_STYLE", "CRITICAL"],
        }
    ],
    "total": 1,
    "data": DATA,
}
_OVER: Final[dict[str, Any]] = {"weeks": 4, "from": "2025-09-03T04:00:00Z", "data": DATA}
CENTERS: Final[dict[str, Any]] = {
    **_OVER,
    "items": [
        {
            "work_center": "1.30.28.F",
            "machines": 2,
            "usable": 2,
            "rated_lb_per_day": "1200.0000",
            "rate_estimated": False,
            "capacity_h": 1248.0,
            "load_h": 156.0,
            "free_h": 1092.0,
            "utilisation_pct": 12.5,
            "level": "OK",
            "orders": 4,
            "queued_lb": "3900.0000",
        }
    ],
}
MACHINES: Final[dict[str, Any]] = {
    **_OVER,
    "items": [
        {
            "machine": "M1",
            "work_center": "1.30.28.F",
            "status": "available",
            "rated_lb_per_day": "600.0000",
            "rate_estimated": False,
            "rating": "AVERAGE",
            "window_h": 624.0,
            "busy_h": 96.0,
            "utilisation_pct": 15.38,
        }
    ],
}
CALENDAR_ASK: Final[dict[str, Any]] = {
    "zone": "America/New_York",
    "shifts": [
        {"weekday": 0, "start": "06:00:00", "end": "14:00:00", "efficiency": "0.95"},
        {"weekday": 0, "start": "14:00:00", "end": "22:00:00", "efficiency": "0.9"},
    ],
    "days": [{"day": "2025-12-25", "working": False, "start": None, "end": None}],
    "work_centers": ["1.30.28.F"],
}
CALENDAR: Final[dict[str, Any]] = {
    **CALENDAR_ASK,
    "name": "two shifts",
    "machines": [],
    "row_version": 1,
}
CALENDAR_GONE: Final[dict[str, Any]] = {
    "name": "two shifts", "work_centers": ["1.30.28.F"], "machines": []
}  # fmt: skip
