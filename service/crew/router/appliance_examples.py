"""Examples of the appliances' routes, of a day at station P22."""

from typing import Any, Final

_DATA: Final = {
    "version": 812,
    "as_of": "2026-03-05T09:58:11Z",
    "stale": False,
    "complete": True,
    "reasons": [],
}
_AT: Final[dict[str, Any]] = {
    "appliance": "P22P6",
    "station": "P22",
    "at": "2026-03-05T07:00:00Z",
    "at_local": "2026-03-05T07:00:00Z",
    "status": "available",
    "level": "amber",
    "flag": "available",
    "rules_ok": True,
    "discrepancy": False,
    "requirements": [{"code": "total_crew", "required": 4, "have": 4, "short": 0}],
    "tier": 1,
    "tier_name": "p22p6",
    "crew": [1, 2, 3, 5],
    "critical_crew": [1, 2, 3, 5],
    "complete": True,
    "rule": "p22p6",
    "beside": [],
    "until": "2026-03-05T09:00:00Z",
    "until_local": "2026-03-05T09:00:00Z",
    "until_is_lower_bound": False,
    "next_operational": None,
    "next_operational_local": None,
}
STATUS: Final[dict[str, Any]] = {**_AT, "data": _DATA}
APPLIANCES: Final[dict[str, Any]] = {"items": [_AT], "at": "2026-03-05T07:00:00Z", "data": _DATA}
FORECAST: Final[dict[str, Any]] = {
    "appliance": "P22P6",
    "station": "P22",
    "from": "2026-03-05T06:00:00Z",
    "to": "2026-03-05T12:00:00Z",
    "rule": "p22p6",
    "items": [
        {
            "from": "2026-03-05T06:00:00Z",
            "from_local": "2026-03-05T06:00:00Z",
            "until": "2026-03-05T09:00:00Z",
            "until_local": "2026-03-05T09:00:00Z",
            "minutes": 180,
            "status": "available",
            "level": "amber",
            "until_is_lower_bound": False,
            "parts": [
                {
                    "from": "2026-03-05T06:00:00Z",
                    "from_local": "2026-03-05T06:00:00Z",
                    "until": "2026-03-05T09:00:00Z",
                    "until_local": "2026-03-05T09:00:00Z",
                    "minutes": 180,
                    "status": "available",
                    "level": "amber",
                    "flag": "available",
                    "rules_ok": True,
                    "discrepancy": False,
                    "requirements": [{"code": "total_crew", "required": 4, "have": 4, "short": 0}],
                    "tier": 1,
                    "tier_name": "p22p6",
                    "crew": [1, 2, 3, 5],
                    "critical_crew": [1, 2, 3, 5],
                    "complete": True,
                }
            ],
        }
    ],
    "data": _DATA,
}
GAPS: Final[dict[str, Any]] = {
    "appliance": "P22P6",
    "station": "P22",
    "from": "2026-03-05T09:00:00Z",
    "to": "2026-03-05T13:00:00Z",
    "rule": "p22p6",
    "items": [
        {
            "from": "2026-03-05T09:00:00Z",
            "from_local": "2026-03-05T09:00:00Z",
            "until": "2026-03-05T13:00:00Z",
            "until_local": "2026-03-05T13:00:00Z",
            "minutes": 240,
            "status": "off_the_run",
            "rules_ok": False,
            "discrepancy": False,
            "short": {"total_crew": 2, "officer": 1, "senior_ba": 1},
            "min_additional": 2,
            "fix_sets": [[1, 4]],
            "fix_sets_count": 1,
            "until_is_lower_bound": True,
            "parts": [
                {
                    "from": "2026-03-05T09:00:00Z",
                    "from_local": "2026-03-05T09:00:00Z",
                    "until": "2026-03-05T12:00:00Z",
                    "until_local": "2026-03-05T12:00:00Z",
                    "minutes": 180,
                    "status": "off_the_run",
                    "rules_ok": False,
                    "discrepancy": False,
                    "short": {"total_crew": 1},
                    "min_additional": 1,
                    "fix_sets": [[1], [4]],
                    "fix_sets_count": 2,
                }
            ],
        }
    ],
    "data": _DATA,
}
WHAT_IF: Final[dict[str, Any]] = {
    "appliance": "P22P6",
    "station": "P22",
    "from": "2026-03-05T07:00:00Z",
    "to": "2026-03-05T08:00:00Z",
    "changes": [
        {
            "from": "2026-03-05T07:00:00Z",
            "from_local": "2026-03-05T07:00:00Z",
            "until": "2026-03-05T08:00:00Z",
            "until_local": "2026-03-05T08:00:00Z",
            "minutes": 60,
            "was": {
                "status": "available",
                "level": "amber",
                "flag": "available",
                "rules_ok": True,
                "discrepancy": False,
                "requirements": [{"code": "total_crew", "required": 4, "have": 4, "short": 0}],
                "tier": 1,
                "tier_name": "p22p6",
                "crew": [1, 2, 3, 5],
                "critical_crew": [1, 2, 3, 5],
                "complete": True,
            },
            "would_be": {
                "status": "crew_deficient",
                "level": "red",
                "flag": "available",
                "rules_ok": False,
                "discrepancy": False,
                "requirements": [{"code": "total_crew", "required": 4, "have": 3, "short": 1}],
                "tier": None,
                "tier_name": None,
                "crew": [1, 2, 3],
                "critical_crew": [],
                "complete": True,
            },
        }
    ],
    "level_changes": [],
    "data": _DATA,
}
COVERAGE: Final[dict[str, Any]] = {
    "station": "P22",
    "from": "2026-03-05T06:00:00Z",
    "to": "2026-03-05T06:30:00Z",
    "step": 15,
    "items": [
        {
            "at": "2026-03-05T06:00:00Z",
            "at_local": "2026-03-05T06:00:00Z",
            "crew": 4,
            "officer": 2,
            "driver": 2,
            "ba": 4,
            "complete": True,
            "status": {"P22P6": "available"},
        }
    ],
    "data": _DATA,
}
WHAT_IF_ASK: Final[dict[str, Any]] = {
    "changes": [
        {"crew_id": 5, "from": "2026-03-05T07:00:00Z", "to": "2026-03-05T08:00:00Z", "state": "unavailable"}
    ]
}
