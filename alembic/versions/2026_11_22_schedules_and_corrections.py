"""Weekly schedules, corrections by people here, and the rules of the earlier system."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

revision: str = "0005_schedules_and_corrections"
down_revision: str | None = "0004_unknown_people"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Frozen: a version of a rule set never changes. New parameters are a new version, and a new migration.
ORIGINAL: dict[str, Any] = {
    "name": "original",
    "version": 1,
    "order": "canonical",
    "clock": "elapsed",
    "windows": {
        "kind": "calendar",
        "overnight_early_min": 360,
        "overnight_from_noon": True,
        "overnight_exit_min": 59,
        "default_shift": "unassigned_date",
    },
    "punching": {
        "dedupe_seconds": 0,
        "honour_skip": True,
        "pairing": "first_last",
        "single_punch": "by_hours",
        "lone_exit": "overnight",
        "break_policy": "informational",
        "break_min_punches": 4,
        "break_longer_than_s": 300,
        "break_fixed_min": 60,
        "break_fixed_above_hours": 6.0,
    },
    "punctuality": {
        "grace": "rule_set",
        "resolution": "seconds",
        "late_grace_min": 15,
        "early_grace_min": 15,
        "severe_late_min": 60,
        "severe_is_absence": True,
        "forgive_late_if_hours_met": True,
        "forgive_needs_expected": False,
        "forgive_severe": False,
        "lates_per_absence": 3,
        "lates_carry_over": "report",
    },
    "absence": {
        "thresholds": "rule_set",
        "absent_below_hours": 0.0,
        "half_day_below_hours": 0.0,
        "leave": "justifies",
        "half_day_leave_moves_shift": False,
        "halves_make_a_day": True,
        "worked_day_off": "overtime",
        "before_hire": True,
        "after_leaving": True,
        "undecided": "pending",
        "episode_bridging": False,
        "half_month_of": "shift_start",
    },
}


def upgrade() -> None:
    _weekly_schedule()
    _correction()
    insert = sa.text(
        "INSERT INTO attendance.rule_set (name, version, parameters) VALUES ('original', 1, :parameters)"
        " ON CONFLICT (name, version) DO NOTHING"
    )
    op.execute(insert.bindparams(sa.bindparam("parameters", ORIGINAL, type_=JSONB)))


def downgrade() -> None:
    op.drop_table("correction", schema="attendance")
    op.execute("DROP FUNCTION attendance.keep_correction()")
    op.drop_table("weekly_schedule", schema="attendance")
    op.execute("""
        DELETE FROM attendance.day WHERE rule_set_id IN (
            SELECT id FROM attendance.rule_set WHERE name = 'original'
        )
    """)
    op.execute("DELETE FROM attendance.rule_set WHERE name = 'original'")


def _weekly_schedule() -> None:
    op.create_table(
        "weekly_schedule",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("shift_type_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("half", sa.Text(), server_default="both", nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("2"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", TIMESTAMP(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("ended_at", TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_weekly_schedule_weekday")),
        sa.CheckConstraint("half IN ('both', 'first', 'second')", name=op.f("ck_weekly_schedule_half")),
        sa.CheckConstraint("priority IN (1, 2)", name=op.f("ck_weekly_schedule_priority")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_weekly_schedule_dates")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["attendance.person.id"], name=op.f("fk_weekly_schedule_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["shift_type_id"],
            ["attendance.shift_type.id"],
            name=op.f("fk_weekly_schedule_shift_type_id_shift_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_schedule")),
        schema="attendance",
    )
    op.create_index(
        "uq_weekly_schedule_row",
        "weekly_schedule",
        ["person_id", "weekday", "half", "priority", "valid_from", "shift_type_id"],
        unique=True,
        schema="attendance",
    )


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("work_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("shift_seq", sa.SmallInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("status_before", sa.Text(), nullable=True),
        sa.Column("checkin_id", sa.BigInteger(), nullable=True),
        sa.Column("local_time", TIMESTAMP(timezone=False), nullable=True),
        sa.Column("log_type", sa.Text(), nullable=True),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", TIMESTAMP(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_at", TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('status', 'checkin', 'dismissal')", name=op.f("ck_correction_kind")),
        sa.CheckConstraint("(kind = 'status') = (status IS NOT NULL)", name=op.f("ck_correction_status")),
        sa.CheckConstraint(
            "(kind = 'checkin') = (checkin_id IS NOT NULL)", name=op.f("ck_correction_checkin")
        ),
        sa.CheckConstraint(
            "(kind = 'dismissal') = (incident IS NOT NULL)", name=op.f("ck_correction_incident")
        ),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_correction_reason")),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_correction_revoked")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["attendance.person.id"], name=op.f("fk_correction_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        schema="attendance",
    )
    op.create_index(
        "ix_correction_person_id_work_date", "correction", ["person_id", "work_date"], schema="attendance"
    )
    op.execute("""
        CREATE FUNCTION attendance.keep_correction() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
               AND (to_jsonb(NEW) - '{revoked_at,revoked_by,revoked_reason}'::text[])
                 = (to_jsonb(OLD) - '{revoked_at,revoked_by,revoked_reason}'::text[]) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a correction is never changed or erased, only revoked once';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER keep_correction BEFORE UPDATE OR DELETE ON attendance.correction
        FOR EACH ROW EXECUTE FUNCTION attendance.keep_correction()
    """)
