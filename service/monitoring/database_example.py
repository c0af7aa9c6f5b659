"""What OpenAPI shows of `/health/database`."""

from typing import Any, Final

EXAMPLE: Final[dict[str, Any]] = {
    "as_of": "2026-11-01T06:30:00Z",
    "process": 4711,
    "server_version": "18.4",
    "pools": [
        {
            "name": "primary",
            "size": 20,
            "max_overflow": 30,
            "minimum": 2,
            "in_use": 3,
            "idle": 5,
            "overflow": 0,
            "waiting": 0,
            "utilization_percent": 6.0,
            "since": "2026-11-01T06:10:00Z",
            "checkouts": 41200,
            "wait_p95_ms": 0.0,
            "wait_max_ms": 3.2,
            "timeouts": 0,
            "connect_p95_ms": 5.1,
            "created": 4,
            "closed": 0,
            "renewed": 1,
            "lost": 0,
            "refused": 0,
        }
    ],
    "cleanup": {"at": "2026-11-01T06:10:00Z", "closed": 6, "kept": 4},
    "cleanup_every_seconds": 1800,
    "timing": {"checkout_ms": 0.05, "round_trip_ms": 0.21},
    "database": {
        "name": "muster",
        "bytes": 734003200,
        "connections": 9,
        "max_connections": 100,
        "commits": 1804221,
        "rollbacks": 12,
        "deadlocks": 0,
        "temporary_bytes": 0,
        "stats_since": "2026-10-01T00:00:00Z",
        "table_hit_percent": 99.6,
        "index_hit_percent": 99.9,
    },
    "tables": [
        {
            "table": "attendance.checkin",
            "rows": 2300000,
            "dead_rows": 1200,
            "bytes": 498073600,
            "index_bytes": 240123904,
            "sequential_scans": 12,
            "sequential_rows": 27600000,
            "index_scans": 1804201,
            "analyzed_at": "2026-11-01T02:00:00Z",
            "vacuumed_at": "2026-11-01T02:00:00Z",
        }
    ],
    "longest_transaction": {
        "pid": 4711,
        "application": "muster",
        "state": "active",
        "seconds": 0.4,
        "waits_for": None,
    },
    "locks": [],
    "in_recovery": False,
    "replicas": [{"name": "replica-1", "state": "streaming", "lag_bytes": 0, "lag_seconds": 0.0004}],
    "prepared": {"capacity": 100, "prepared": 41, "executions": 9120, "reuse_percent": 99.6},
    "settings": [{"name": "statement_timeout", "value": "30s", "source": "client"}],
    "advice": [
        {
            "kind": "unused",
            "table": "attendance.checkin",
            "index": "ix_checkin_device_id",
            "bytes": 31457280,
            "evidence": "no scan used it, while the table was asked 1,804,213 times",
            "advice": "each insert pays for it: drop it if a month's end is among the time counted, and no "
            "replica uses it",
            "since": "2026-10-01T00:00:00Z",
        }
    ],
}
