"""Answers about people as the document shows them (spec S1, S2; everybody is invented)."""

from typing import Any, Final

DATA: Final[dict[str, Any]] = {
    "version": 1772704691000000,
    "as_of": "2026-03-05T09:58:11Z",
    "stale": False,
    "complete": True,
    "reasons": [],
}
STATE: Final[dict[str, Any]] = {
    "crew_id": 1,
    "station": "P22",
    "name": "ALDER, JO",
    "role": "WC",
    "skills": ["BA", "IC", "TTR"],
    "at": "2026-03-05T10:00:00Z",
    "state": "unavailable",
    "reason": "W",
    "meaning": "work",
    "cause": None,
    "since": None,
    "since_is_known_start": None,
    "until": None,
    "until_local": None,
    "until_is_lower_bound": None,
    "minutes_left": None,
    "next_available": {
        "from": "2026-03-05T17:00:00Z",
        "from_local": "2026-03-05T17:00:00Z",
        "until": "2026-03-06T00:00:00Z",
        "until_local": "2026-03-06T00:00:00Z",
        "until_is_lower_bound": True,
        "after_gap": False,
    },
    "known_until": "2026-03-06T00:00:00Z",
}
CREW: Final[dict[str, Any]] = {
    "items": [STATE],
    "page": {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False},
    "at": "2026-03-05T10:00:00Z",
    "available": 0,
    "unavailable": 1,
    "unknown": 0,
    "data": DATA,
}
AVAILABILITY: Final[dict[str, Any]] = {**STATE, "data": DATA}
PERSON: Final[dict[str, Any]] = {
    "crew_id": 1,
    "station": "P22",
    "name": "ALDER, JO",
    "display_name": "Jo Alder",
    "role": "WC",
    "skills": ["BA", "IC", "TTR"],
    "officer": True,
    "driver": False,
    "contract_hours": "61.00",
    "booked_hours": "96.00",
    "contract": "61 (96)",
    "active": True,
    "first_seen_at": "2026-03-01T06:00:02Z",
    "last_seen_at": "2026-03-05T09:58:11Z",
    "data": DATA,
}
_OF_A_RANGE: Final[dict[str, Any]] = {
    "crew_id": 1,
    "station": "P22",
    "name": "ALDER, JO",
    "from": "2026-03-05T00:00:00Z",
    "to": "2026-03-06T00:00:00Z",
}
SEGMENTS: Final[dict[str, Any]] = {
    **_OF_A_RANGE,
    "segments": [
        {
            "from": "2026-03-05T09:00:00Z",
            "until": "2026-03-05T17:00:00Z",
            "local_date": "2026-03-05",
            "state": "unavailable",
            "reason": "W",
            "meaning": "work",
        }
    ],
    "data": DATA,
}
BLOCKS: Final[dict[str, Any]] = {
    **_OF_A_RANGE,
    "blocks": [
        {
            "from": "2026-03-05T17:00:00Z",
            "from_local": "2026-03-05T17:00:00Z",
            "from_is_known_start": False,
            "until": "2026-03-06T00:00:00Z",
            "until_local": "2026-03-06T00:00:00Z",
            "until_is_lower_bound": True,
            "minutes": 420,
        }
    ],
    "data": DATA,
}
