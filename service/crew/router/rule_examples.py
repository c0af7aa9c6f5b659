"""Examples of an appliance's rules."""

from typing import Any, Final

_REQUIREMENTS: Final[list[dict[str, Any]]] = [
    {"code": "total_crew", "min_count": 4},
    {"code": "driver", "min_count": 1, "skills_any": ["LGV", "ERD"]},
    {"code": "officer", "min_count": 1, "skills_any": ["TTR", "IC"], "roles_any": ["WC", "CM", "CC"]},
]
ASK: Final[dict[str, Any]] = {
    "rules": [
        {"name": "full crew", "tier": 1, "requirements": _REQUIREMENTS},
        {
            "name": "three riders",
            "tier": 2,
            "requirements": [{"code": "total_crew", "min_count": 3}, *_REQUIREMENTS[1:]],
        },
    ],
    "reason": "Three riders may go to a small fire.",
}
RULES: Final[dict[str, Any]] = {
    "appliance": "P22P6",
    "station": "P22",
    "version": 1,
    "rules": [
        {
            "name": "full crew",
            "tier": 1,
            "mode": "overlap",
            "origin": "config",
            "enforced": True,
            "requirements": _REQUIREMENTS,
            "valid_from": "2026-03-01T12:00:00Z",
            "changed_by": "person:3",
        }
    ],
    "trial": None,
}
