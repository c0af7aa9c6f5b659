"""What was observed of each local day at fire stations, and what it says."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import (
    ARRAY,
    JSONB,
    TIMESTAMP,
    TSTZMULTIRANGE,
    TSTZRANGE,
    ExcludeConstraint,
)

revision: str = "0020_crew_days"
down_revision: str | None = "0019_stations"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("'{}'")


def upgrade() -> None:
    """Make them."""
    _day_snapshot()
    _appliance_availability()
    _appliance_availability_past()
    _crew_availability()
    _crew_availability_past()
    _day_page()
    _day_version()
    _grid_count()
    _state_change()


def downgrade() -> None:
    """Take them away."""
    op.drop_table("state_change", schema="crew")
    op.drop_table("grid_count", schema="crew")
    op.drop_table("day_version", schema="crew")
    op.drop_table("day_page", schema="crew")
    op.drop_table("crew_availability_past", schema="crew")
    op.drop_table("crew_availability", schema="crew")
    op.drop_table("appliance_availability_past", schema="crew")
    op.drop_table("appliance_availability", schema="crew")
    op.drop_table("day_snapshot", schema="crew")


def _day_snapshot() -> None:
    op.create_table(
        "day_snapshot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("resolution_min", sa.SmallInteger(), nullable=True),
        sa.Column("parser_version", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("warnings", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.CheckConstraint("(status = 'rejected') = (code IS NOT NULL)", name=op.f("ck_day_snapshot_code")),
        sa.CheckConstraint(
            "outcome IN ('applied', 'unchanged', 'stale', 'rejected')", name=op.f("ck_day_snapshot_outcome")
        ),
        sa.CheckConstraint("source IN ('gartan', 'replay', 'report')", name=op.f("ck_day_snapshot_source")),
        sa.CheckConstraint("status IN ('ok', 'partial', 'rejected')", name=op.f("ck_day_snapshot_status")),
        sa.CheckConstraint(
            "resolution_min IN (5, 10, 15, 30, 60)", name=op.f("ck_day_snapshot_resolution_min")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["muster.run.id"], name=op.f("fk_day_snapshot_run_id_run"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["crew.station.id"],
            name=op.f("fk_day_snapshot_station_id_station"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_snapshot")),
        schema="crew",
    )
    op.create_index(
        "ix_day_snapshot_day",
        "day_snapshot",
        ["station_id", "local_date", sa.literal_column("fetched_at DESC")],
        unique=False,
        schema="crew",
    )


def _appliance_availability() -> None:
    op.create_table(
        "appliance_availability",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("appliance_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("during", TSTZRANGE(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        ExcludeConstraint(
            (sa.text("int4range(appliance_id, appliance_id, '[]')"), "&&"),
            (sa.text("during"), "&&"),
            using="gist",
            name="ex_appliance_availability_overlap",
        ),
        sa.CheckConstraint(
            "state IN ('available', 'unavailable')", name=op.f("ck_appliance_availability_state")
        ),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during) AND lower_inc(during) AND NOT upper_inc(during)",
            name=op.f("ck_appliance_availability_during"),
        ),
        sa.ForeignKeyConstraint(
            ["appliance_id"],
            ["crew.appliance.id"],
            name=op.f("fk_appliance_availability_appliance_id_appliance"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["crew.day_snapshot.id"],
            name=op.f("fk_appliance_availability_snapshot_id_day_snapshot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appliance_availability")),
        schema="crew",
    )
    op.create_index(
        "ix_appliance_availability_day",
        "appliance_availability",
        ["appliance_id", "local_date"],
        unique=False,
        schema="crew",
    )


def _appliance_availability_past() -> None:
    op.create_table(
        "appliance_availability_past",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("appliance_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("during", TSTZRANGE(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appliance_id"],
            ["crew.appliance.id"],
            name=op.f("fk_appliance_availability_past_appliance_id_appliance"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["crew.day_snapshot.id"],
            name=op.f("fk_appliance_availability_past_snapshot_id_day_snapshot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appliance_availability_past")),
        schema="crew",
    )
    op.create_index(
        "ix_appliance_availability_past_snapshot_id",
        "appliance_availability_past",
        ["snapshot_id"],
        unique=False,
        schema="crew",
    )


def _crew_availability() -> None:
    op.create_table(
        "crew_availability",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("during", TSTZRANGE(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        ExcludeConstraint(
            (sa.text("int4range(crew_id, crew_id, '[]')"), "&&"),
            (sa.text("during"), "&&"),
            using="gist",
            name="ex_crew_availability_overlap",
        ),
        sa.CheckConstraint(
            "state = 'unavailable' OR reason IS NULL", name=op.f("ck_crew_availability_reason")
        ),
        sa.CheckConstraint("state IN ('available', 'unavailable')", name=op.f("ck_crew_availability_state")),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during) AND lower_inc(during) AND NOT upper_inc(during)",
            name=op.f("ck_crew_availability_during"),
        ),
        sa.ForeignKeyConstraint(
            ["crew_id"],
            ["crew.crew_member.id"],
            name=op.f("fk_crew_availability_crew_id_crew_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["crew.day_snapshot.id"],
            name=op.f("fk_crew_availability_snapshot_id_day_snapshot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_availability")),
        schema="crew",
    )
    op.create_index(
        "ix_crew_availability_available",
        "crew_availability",
        ["during"],
        unique=False,
        schema="crew",
        postgresql_using="gist",
        postgresql_where=sa.text("state = 'available'"),
    )
    op.create_index(
        "ix_crew_availability_day",
        "crew_availability",
        ["crew_id", "local_date"],
        unique=False,
        schema="crew",
    )


def _crew_availability_past() -> None:
    op.create_table(
        "crew_availability_past",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("during", TSTZRANGE(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["crew_id"],
            ["crew.crew_member.id"],
            name=op.f("fk_crew_availability_past_crew_id_crew_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["crew.day_snapshot.id"],
            name=op.f("fk_crew_availability_past_snapshot_id_day_snapshot"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_availability_past")),
        schema="crew",
    )
    op.create_index(
        "ix_crew_availability_past_snapshot_id",
        "crew_availability_past",
        ["snapshot_id"],
        unique=False,
        schema="crew",
    )


def _day_page() -> None:
    op.create_table(
        "day_page",
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["crew.day_snapshot.id"],
            name=op.f("fk_day_page_snapshot_id_day_snapshot"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_day_page")),
        schema="crew",
    )
    op.create_index("ix_day_page_expires_at", "day_page", ["expires_at"], unique=False, schema="crew")


def _day_version() -> None:
    op.create_table(
        "day_version",
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("covered", TSTZMULTIRANGE(), nullable=False),
        sa.Column("listed", ARRAY(sa.Integer()), server_default=EMPTY, nullable=False),
        sa.Column("known_from", INSTANT, server_default=NOW, nullable=False),
        sa.Column("known_to", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["crew.day_snapshot.id"], name=op.f("fk_day_version_snapshot_id_day_snapshot")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["crew.station.id"],
            name=op.f("fk_day_version_station_id_station"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_day_version")),
        schema="crew",
    )
    op.create_index(
        "ix_day_version_day",
        "day_version",
        ["station_id", "local_date", "known_from"],
        unique=False,
        schema="crew",
    )
    op.create_index(
        "uq_day_version_in_force",
        "day_version",
        ["station_id", "local_date"],
        unique=True,
        schema="crew",
        postgresql_where=sa.text("known_to IS NULL"),
    )


def _grid_count() -> None:
    op.create_table(
        "grid_count",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("during", TSTZRANGE(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["crew.day_snapshot.id"], name=op.f("fk_grid_count_snapshot_id_day_snapshot")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["crew.station.id"],
            name=op.f("fk_grid_count_station_id_station"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_count")),
        schema="crew",
    )
    op.create_index(
        "ix_grid_count_day", "grid_count", ["station_id", "local_date"], unique=False, schema="crew"
    )


def _state_change() -> None:
    op.create_table(
        "state_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("crew_id", sa.Integer(), nullable=True),
        sa.Column("appliance_id", sa.Integer(), nullable=True),
        sa.Column("during", TSTZRANGE(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("was_reason", sa.Text(), nullable=True),
        sa.Column("now", sa.Text(), nullable=False),
        sa.Column("now_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(crew_id IS NULL) <> (appliance_id IS NULL)", name=op.f("ck_state_change_subject")
        ),
        sa.ForeignKeyConstraint(
            ["appliance_id"],
            ["crew.appliance.id"],
            name=op.f("fk_state_change_appliance_id_appliance"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["crew_id"],
            ["crew.crew_member.id"],
            name=op.f("fk_state_change_crew_id_crew_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["crew.station.id"],
            name=op.f("fk_state_change_station_id_station"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_change")),
        schema="crew",
    )
    op.create_index(
        "ix_state_change_station_id", "state_change", ["station_id", "id"], unique=False, schema="crew"
    )
