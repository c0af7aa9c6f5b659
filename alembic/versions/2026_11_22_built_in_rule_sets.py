"""The rule sets that come with this version, so that reports can name them before anything is computed."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0003_built_in_rule_sets"
down_revision: str | None = "0002_job_engine"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Frozen: a version of a rule set never changes. New parameters are a new version, and a new migration.
VERSION_1: dict[str, dict[str, Any]] = {
    "recommended": {
        "name": "recommended",
        "version": 1,
        "order": "canonical",
        "clock": "elapsed",
        "windows": {
            "kind": "calendar",
            "overnight_early_min": 360,
            "overnight_exit_min": 59,
            "default_shift": "unassigned_date",
        },
        "punching": {
            "dedupe_seconds": 60,
            "honour_skip": True,
            "pairing": "first_last",
            "single_punch": "incident",
            "break_policy": "informational",
            "break_min_punches": 4,
            "break_longer_than_s": 300,
            "break_fixed_min": 60,
            "break_fixed_above_hours": 6.0,
        },
        "punctuality": {
            "grace": "rule_set",
            "resolution": "floor",
            "late_grace_min": 15,
            "early_grace_min": 15,
            "severe_late_min": 60,
            "severe_is_absence": False,
            "forgive_late_if_hours_met": True,
            "forgive_severe": False,
            "lates_per_absence": 3,
            "lates_carry_over": "month",
        },
        "absence": {
            "thresholds": "rule_set",
            "absent_below_hours": 0.0,
            "half_day_below_hours": 0.0,
            "half_day_leave_moves_shift": True,
            "halves_make_a_day": True,
            "worked_day_off": "overtime",
            "before_hire": True,
            "after_leaving": True,
            "undecided": "pending",
            "episode_bridging": True,
            "half_month_of": "shift_start",
        },
    },
    "frappe_hr": {
        "name": "frappe_hr",
        "version": 1,
        "order": "upstream",
        "clock": "wall",
        "windows": {
            "kind": "shift",
            "overnight_early_min": 360,
            "overnight_exit_min": 59,
            "default_shift": "uncovered_time",
        },
        "punching": {
            "dedupe_seconds": 0,
            "honour_skip": True,
            "pairing": "shift",
            "single_punch": "by_hours",
            "break_policy": "none",
            "break_min_punches": 4,
            "break_longer_than_s": 300,
            "break_fixed_min": 60,
            "break_fixed_above_hours": 6.0,
        },
        "punctuality": {
            "grace": "shift",
            "resolution": "seconds",
            "late_grace_min": 15,
            "early_grace_min": 15,
            "severe_late_min": None,
            "severe_is_absence": False,
            "forgive_late_if_hours_met": False,
            "forgive_severe": False,
            "lates_per_absence": None,
            "lates_carry_over": "month",
        },
        "absence": {
            "thresholds": "shift",
            "absent_below_hours": 0.0,
            "half_day_below_hours": 0.0,
            "half_day_leave_moves_shift": False,
            "halves_make_a_day": False,
            "worked_day_off": "if_marked",
            "before_hire": True,
            "after_leaving": True,
            "undecided": "pending",
            "episode_bridging": False,
            "half_month_of": "shift_start",
        },
    },
}


def upgrade() -> None:
    insert = sa.text(
        "INSERT INTO attendance.rule_set (name, version, parameters) VALUES (:name, 1, :parameters)"
        " ON CONFLICT (name, version) DO NOTHING"
    ).bindparams(sa.bindparam("parameters", type_=JSONB))
    for name, parameters in VERSION_1.items():
        op.execute(insert.bindparams(name=name, parameters=parameters))


def downgrade() -> None:
    op.execute("DELETE FROM attendance.rule_set WHERE version = 1 AND name IN ('recommended', 'frappe_hr')")
