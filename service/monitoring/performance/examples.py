"""What OpenAPI shows of the performance report, of baselines and of health."""

from typing import Any, Final

from service.monitoring.memory.routes import EXAMPLE as MEMORY
from service.monitoring.tasks import EXAMPLE as TASKS

_ENDPOINT: Final[dict[str, Any]] = {
    "operation": "attendance_monthly_sheet",
    "method": "GET",
    "route": "/v1/attendance/reports/monthly-sheet",
    "count": 1240,
    "refused": 3,
    "failed": 0,
    "success_rate": 100.0,
    "min_ms": 0.2,
    "mean_ms": 61.4,
    "p50_ms": 12.0,
    "p95_ms": 312.5,
    "p99_ms": 480.2,
    "max_ms": 611.3,
    "variance_ms2": 9120.4,
    "database_percent": 81.2,
    "pool_percent": 0.0,
    "main_statement": "9f1c4be2a9c04e3b",
}
_TIMES: Final = {"mean_ms": 3.0, "p50_ms": 2.1, "p95_ms": 6.4, "p99_ms": 14.9, "max_ms": 611.3}
_STATEMENT: Final = {
    "fingerprint": "9f1c4be2a9c04e3b",
    "statement": "SELECT id, name FROM attendance.person WHERE site_id = ?::INTEGER",
    "calls": 1204,
    "rows": 90300,
    "errors": 0,
    "slow": 1,
    "total_ms": 3612.0,
    **_TIMES,
}
_POOL: Final = {
    "name": "primary",
    "capacity": 50,
    "size": 20,
    "in_use": 3,
    "idle": 4,
    "waiting": 0,
    "utilization_percent": 6.0,
    "checkouts": 20411,
    "waited": 12,
    "wait_mean_ms": 0.1,
    "wait_p95_ms": 0.0,
    "wait_max_ms": 31.0,
    "timeouts": 0,
}
_CACHE: Final = {
    "level": "response",
    "namespace": _ENDPOINT["route"],
    "hits": 1110,
    "misses": 130,
    "joins": 0,
    "evictions": 0,
    "expired": 9,
    "entries": 121,
    "bytes": 4812000,
    "hit_percent": 89.52,
}
_FLAG: Final = {
    "name": "response_cache",
    "description": "Finished answers kept in front of the routes",
    "enabled": True,
    "share_percent": 100,
    "acted": 48211,
    "saved": 917.4,
    "unit": "seconds",
    "basis": "answers at hand, at the mean time that misses of the same kind took",
}
_QUERIES: Final = {
    "kinds": 87,
    "calls": 20411,
    "errors": 0,
    "slow": 1,
    "total_ms": 40992.4,
    "mean_ms": 2.0,
    "p95_ms": 6.1,
    "statements": [_STATEMENT],
}
REPORT: Final[dict[str, Any]] = {
    "as_of": "2026-11-01T06:30:00Z",
    "since": "2026-10-31T21:00:00Z",
    "version": "0.1.0",
    "workers": 4,
    "requests": 51230,
    "coverage": {"operations": 120, "listed": 120, "percent": 100.0, "called": 31},
    "optimization_stats": [_FLAG],
    "memory_report": MEMORY,
    "query_stats": _QUERIES,
    "connection_pool": [_POOL],
    "cache_stats": [_CACHE],
    "background_tasks": TASKS,
    "endpoints": [_ENDPOINT],
    "operations": [
        {"name": "run.attendance.sync", "count": 340, "errors": 1, "total_ms": 1020.0, **_TIMES},
    ],
    "bottlenecks": [
        {
            "category": "MODERATE_RESPONSE",
            "severity": "warning",
            "operation": _ENDPOINT["operation"],
            "method": "GET",
            "route": _ENDPOINT["route"],
            "rule": "p95 > 200 ms",
            "figures": {"count": 1240, "mean_ms": 61.4, "p95_ms": 312.5, "max_ms": 611.3},
            "recommendation": "81 % of its time is SQL; most of that is 9f1c4be2a9c04e3b, 3.0 ms a call: "
            "explain it at POST /v1/performance/statements/9f1c4be2a9c04e3b/explain",
        }
    ],
    "recommendations": [
        {
            "area": "pool",
            "advice": "raise DATABASE__POOL_SIZE or MAX_OVERFLOW",
            "evidence": "primary: 812 of 20,411 checkouts waited (4.0 %), 95 % of all within 6.2 ms; 0 got "
            "none in time",
        }
    ],
    "comparison": None,
    "trends": [
        {
            "name": "memory",
            "unit": "MiB",
            "samples": 60,
            "current": 412.0,
            "slope_per_hour": 1.2,
            "limit": 2000.0,
            "seconds_to_limit": 4764000.0,
        }
    ],
    "monitoring": {
        "sampling_seconds": 4.1,
        "counting_seconds": 0.02,
        "processor_percent": 0.4,
        "bytes": 2100000,
        "memory_percent": 1.9,
    },
}
BASELINE: Final[dict[str, Any]] = {
    "id": "5b1f0a52-6a0c-4f0e-8d1b-0a3f3d9c7b10",
    "name": "release-1.4",
    "note": "before the new index",
    "created_by": "key:ab12cd34",
    "created_at": "2026-11-01T06:30:00Z",
    "requests": 51230,
}
KEPT_BASELINE: Final = {**BASELINE, "report": REPORT}
BASELINE_ASK: Final = {"name": "release-1.4", "note": "before the new index"}
BASELINES: Final = {
    "items": [BASELINE],
    "page": {"next": None, "has_more": False, "limit": 100},
    "meta": None,
}
HEALTH: Final[dict[str, Any]] = {
    "as_of": "2026-11-01T06:30:00Z",
    "workers": 4,
    "requests": 51230,
    "p95_ms": 41.2,
    "database": {name: value for name, value in _QUERIES.items() if name != "statements"},
    "cache": {
        "hits": 48211,
        "misses": 1940,
        "hit_percent": 96.1,
        "entries": 1211,
        "bytes": 48120000,
        "shared_url": False,
    },
    "pools": [_POOL],
    "features": [_FLAG],
}
UPSTREAMS: Final[dict[str, Any]] = {
    "items": [
        {
            "name": "frappe",
            "status": "up",
            "address": "https://hr.example.com",
            "last_contact_at": "2026-11-01T06:29:52Z",
            "last_failure_at": None,
            "last_failure": None,
            "breaker": "closed",
            "breaker_reason": None,
            "complete_through": "2026-11-01T06:29:41Z",
            "lag_seconds": 19,
            "in_flight": 0,
            "attempts": 812,
            "retries": 2,
            "outcomes": {"ok": 810, "timeout": 2},
            "rate_limit": {"x-ratelimit-remaining": "41"},
            "paused_seconds": 0.0,
            "clock_ahead_seconds": 0.4,
        }
    ]
}


def shown(example: Any) -> dict[str, Any]:
    """An answer with its example."""
    return {"content": {"application/json": {"example": example}}}
