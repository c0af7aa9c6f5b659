"""The alert rules that a new installation has: made once, so that one that is removed stays away."""

import json
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0011_built_in_alerts"
down_revision: str | None = "0010_run_attempts"
branch_labels = None
depends_on = None


def rule(name: str, source: dict[str, Any], threshold: float, **more: Any) -> dict[str, Any]:
    """The columns of a rule that compares with `>`."""
    usual = {"for_seconds": 0, "severity": "warning", "clear_at": None, "enabled": True}
    return {"id": str(uuid.uuid4()), "name": name, "source": json.dumps(source), "threshold": threshold} | (
        usual | more
    )


def figure(name: str) -> dict[str, Any]:
    """A figure of the service itself."""
    return {"kind": "figure", "figure": name}


RULES = (
    rule("Requests fail", figure("error_percent"), 5, clear_at=2, for_seconds=300, severity="critical"),
    rule("Answers are slow", figure("p95_ms"), 500, clear_at=400, for_seconds=300),
    rule("Requests wait for a connection", figure("pool_waiting"), 5, clear_at=0, for_seconds=60),
    rule("Much memory is taken", figure("rss_mib"), 500, clear_at=450, for_seconds=600),
    # 2 % of a month's budget within an hour: The Site Reliability Workbook, chapter 5, table 5-8.
    rule("The latency objective is at risk", {"kind": "burn_rate"}, 14.4, severity="critical"),
    rule(
        "Attendance is not read any more",
        {"kind": "data_age", "desk": "attendance", "source": "Employee Checkin"},
        1,
        for_seconds=60,
    ),
    rule("Alerts are not evaluated", {"kind": "checker"}, 300, severity="critical"),
    rule(
        "Missing punches before pay day",
        {"kind": "gaps", "desk": "attendance", "code": "missing_punch"},
        0,
        for_seconds=600,
        enabled=False,
    ),
)


def upgrade() -> None:
    """Add them, but for those whose names somebody has taken."""
    statement = sa.text("""
        INSERT INTO muster.alert_rule
            (id, name, source, comparison, threshold, clear_at, for_seconds, severity, enabled, created_by)
        VALUES (CAST(:id AS uuid), :name, CAST(:source AS jsonb), '>', :threshold, :clear_at, :for_seconds,
                :severity, :enabled, 'system')
        ON CONFLICT (name) DO NOTHING
    """)
    for each in RULES:
        op.get_bind().execute(statement, each)


def downgrade() -> None:
    """Remove those that are left."""
    op.execute("DELETE FROM muster.alert_rule WHERE created_by = 'system'")
