"""What `/health/cache` and `/v1/cache/clear` answer, as the documentation shows it."""

from typing import Any, Final

_ROUTE: Final = "/v1/attendance/reports/monthly-sheet"
_CLEANUP: Final[dict[str, Any]] = {
    "every_seconds": 7200, "times": 3, "removed": 412, "last_removed": 131,
    "last_at": "2026-11-20T06:12:31Z",
}  # fmt: skip
_MEMORY: Final[dict[str, Any]] = {
    "kind": "memory", "well": True, "address": None, "reason": None, "advice": None, "found": 0,
    "missing": 0, "written": 0, "dropped": 0, "failures": 0, "refused": 0, "used_bytes": None,
    "max_bytes": None,
}  # fmt: skip
_REDIS: Final[dict[str, Any]] = {
    **_MEMORY, "kind": "redis", "address": "cache:6379", "found": 1210, "missing": 344, "written": 341,
    "dropped": 3, "used_bytes": 8_412_160, "max_bytes": 268_435_456,
}  # fmt: skip
_NAMESPACE: Final[dict[str, Any]] = {
    "namespace": _ROUTE, "hits": 18_212, "misses": 344, "joins": 0, "evictions": 0, "expired": 61,
    "outdated": 240, "unchanged": 52, "entries": 43, "bytes": 4_402_112, "hit_rate": 0.981,
    "hit_rate_1min": 0.99, "hit_rate_5min": 0.985, "oldest_seconds": 287,
}  # fmt: skip
_SHARED: Final[dict[str, Any]] = {
    **_NAMESPACE, "namespace": "report/attendance", "hits": 71, "misses": 344, "joins": 12, "outdated": 0,
    "unchanged": 0, "hit_rate": 0.166, "hit_rate_1min": None, "hit_rate_5min": 0.2,
}  # fmt: skip
EXAMPLE: Final[dict[str, Any]] = {
    "as_of": "2026-11-20T07:01:00Z",
    "process": 4711,
    "status": "ok",
    "reasons": [],
    "versions_trusted": True,
    "levels": [
        {
            "level": "responses", "enabled": True, "entries": 43, "bytes": 4_402_112, "max_entries": 5000,
            "max_bytes": 33_554_432, "hit_rate": 0.981, "store": _MEMORY, "cleanup": _CLEANUP,
            "namespaces": [_NAMESPACE],
        },
        {
            "level": "shared", "enabled": True, "entries": 43, "bytes": 4_402_112, "max_entries": 5000,
            "max_bytes": 33_554_432, "hit_rate": 0.166, "store": _REDIS, "cleanup": _CLEANUP,
            "namespaces": [_SHARED],
        },
    ],
    "warming": {
        "enabled": True, "under_way": 0, "remembered": 57, "rounds": 12, "warmed": 240, "refused": 1,
        "failed": 0, "left_over": 4, "used": 201, "saved_seconds": 18.3, "spent_seconds": 22.4,
        "last_at": "2026-11-20T06:58:02Z", "last_ms": 812.5, "last_warmed": 21,
    },
    "ttl_advice": [
        {
            "namespace": _ROUTE, "verdict": "longer", "ttl_seconds": 300, "advised_seconds": 1680,
            "reason": "data change every 730 s; 52 of 61 expired answers were built again unchanged",
            "observed_seconds": 175_200, "requests": 18_556, "changes_per_hour": 4.932, "expired": 61,
            "unchanged": 52,
        }
    ],
}  # fmt: skip
CLEARED: Final[dict[str, Any]] = {
    "namespace": _ROUTE,
    "entries": 43,
    "data_version": f"cache/{_ROUTE}:1763622060000000",
}
