"""Answers of the change feed as the document shows them (spec S1; everybody is invented)."""

from typing import Any, Final

from service.crew.router.people_examples import DATA

PAGE: Final[dict[str, Any]] = {
    "next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False,
}  # fmt: skip
CHANGE: Final[dict[str, Any]] = {
    "id": 48,
    "station": "P22",
    "seen_at": "2026-03-05T10:03:11Z",
    "local_date": "2026-03-05",
    "kind": "person",
    "crew_id": 1,
    "name": "ALDER, JO",
    "appliance": None,
    "from": "2026-03-05T12:00:00Z",
    "from_local": "2026-03-05T12:00:00Z",
    "until": "2026-03-05T17:00:00Z",
    "until_local": "2026-03-05T17:00:00Z",
    "was": "unavailable",
    "was_reason": "W",
    "now": "available",
    "now_reason": None,
}
CHANGES: Final[dict[str, Any]] = {"items": [CHANGE], "page": PAGE, "last": 48, "data": DATA}
UPCOMING: Final[dict[str, Any]] = {
    "items": [
        {
            "at": "2026-03-05T17:00:00Z",
            "at_local": "2026-03-05T17:00:00Z",
            "station": "P22",
            "kind": "appliance",
            "crew_id": None,
            "name": None,
            "appliance": "P22P6",
            "was": "off_the_run",
            "was_reason": None,
            "now": "crew_deficient",
            "now_reason": None,
            "until": "2026-03-05T18:00:00Z",
            "until_local": "2026-03-05T18:00:00Z",
            "until_is_lower_bound": False,
        }
    ],
    "page": PAGE,
    "from": "2026-03-05T10:00:00Z",
    "to": "2026-03-06T00:00:00Z",
    "data": DATA,
}
STREAM: Final = (
    'retry: 1000\n\nevent: start\nid: 47\ndata: {"after":47}\n\n'
    'event: version\ndata: {"station":"P22","version":1772704991000000}\n\n'
)
