"""Fire stations, their people, appliances and crewing rules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0019_stations"
down_revision: str | None = "0018_erased_statements"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("'{}'")


def upgrade() -> None:
    """Make them."""
    op.execute("CREATE SCHEMA crew")
    _skill()
    _station()
    _appliance()
    _crew_member()
    _login_state()
    _skill_alias()
    _crew_contact()
    _crew_member_past()
    _crewing_rule()
    _warned()


def downgrade() -> None:
    """Take them away."""
    op.drop_table("warned", schema="crew")
    op.drop_table("crewing_rule", schema="crew")
    op.drop_table("crew_member_past", schema="crew")
    op.drop_table("crew_contact", schema="crew")
    op.drop_table("skill_alias", schema="crew")
    op.drop_table("login_state", schema="crew")
    op.drop_table("crew_member", schema="crew")
    op.drop_table("appliance", schema="crew")
    op.drop_table("station", schema="crew")
    op.drop_table("skill", schema="crew")
    op.execute("DROP SCHEMA crew")


def _skill() -> None:
    op.create_table(
        "skill",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill")),
        schema="crew",
    )


def _station() -> None:
    op.create_table(
        "station",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="Europe/London", nullable=False),
        sa.Column("brigade_id", sa.Integer(), nullable=True),
        sa.Column("brigade_name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("code", name=op.f("uq_station_code")),
        schema="crew",
    )


def _appliance() -> None:
    op.create_table(
        "appliance",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gartan_ref", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["crew.station.id"],
            name=op.f("fk_appliance_station_id_station"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appliance")),
        sa.UniqueConstraint("station_id", "name", name=op.f("uq_appliance_station_id_name")),
        schema="crew",
    )


def _crew_member() -> None:
    op.create_table(
        "crew_member",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("grid_name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("contract_raw", sa.Text(), nullable=True),
        sa.Column("first_seen_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("last_seen_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("skills", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("contract_hours", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("booked_hours", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("known_from", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("booked_hours >= 0", name=op.f("ck_crew_member_booked_hours")),
        sa.CheckConstraint("contract_hours BETWEEN 0 AND 168", name=op.f("ck_crew_member_contract_hours")),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["crew.station.id"],
            name=op.f("fk_crew_member_station_id_station"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_member")),
        sa.UniqueConstraint("station_id", "name_key", name=op.f("uq_crew_member_station_id_name_key")),
        schema="crew",
    )


def _login_state() -> None:
    op.create_table(
        "login_state",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("locked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("locked_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("credential_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["crew.station.id"],
            name=op.f("fk_login_state_station_id_station"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("station_id", name=op.f("pk_login_state")),
        schema="crew",
    )


def _skill_alias() -> None:
    op.create_table(
        "skill_alias",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["crew.skill.code"], name=op.f("fk_skill_alias_code_skill")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_skill_alias")),
        schema="crew",
    )


def _crew_contact() -> None:
    op.create_table(
        "crew_contact",
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["crew_id"],
            ["crew.crew_member.id"],
            name=op.f("fk_crew_contact_crew_id_crew_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("crew_id", name=op.f("pk_crew_contact")),
        schema="crew",
    )


def _crew_member_past() -> None:
    op.create_table(
        "crew_member_past",
        sa.Column("crew_id", sa.Integer(), nullable=False),
        sa.Column("known_from", INSTANT, nullable=False),
        sa.Column("known_to", INSTANT, nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("skills", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("contract_hours", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("booked_hours", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["crew_id"],
            ["crew.crew_member.id"],
            name=op.f("fk_crew_member_past_crew_id_crew_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("crew_id", "known_from", name=op.f("pk_crew_member_past")),
        schema="crew",
    )


def _crewing_rule() -> None:
    op.create_table(
        "crewing_rule",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("appliance_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("mode", sa.Text(), server_default="overlap", nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("enforced", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("requirements", JSONB(), nullable=False),
        sa.Column("valid_from", INSTANT, server_default=NOW, nullable=False),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("mode IN ('overlap', 'seats')", name=op.f("ck_crewing_rule_mode")),
        sa.CheckConstraint("origin IN ('config', 'grid')", name=op.f("ck_crewing_rule_origin")),
        sa.CheckConstraint("tier >= 1", name=op.f("ck_crewing_rule_tier")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_crewing_rule_valid")),
        sa.ForeignKeyConstraint(
            ["appliance_id"],
            ["crew.appliance.id"],
            name=op.f("fk_crewing_rule_appliance_id_appliance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crewing_rule")),
        schema="crew",
    )
    op.create_index(
        "uq_crewing_rule_in_force",
        "crewing_rule",
        ["appliance_id", "origin", "name"],
        unique=True,
        schema="crew",
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def _warned() -> None:
    op.create_table(
        "warned",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("appliance_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("crew_ids", ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["appliance_id"],
            ["crew.appliance.id"],
            name=op.f("fk_warned_appliance_id_appliance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warned")),
        sa.UniqueConstraint("appliance_id", "starts_at", name=op.f("uq_warned_appliance_id_starts_at")),
        schema="crew",
    )
