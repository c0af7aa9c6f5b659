"""People: who they are, their roles at the desks, their tokens; keys and sessions that are theirs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0012_people"
down_revision: str | None = "0011_built_in_alerts"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("'{}'")


def upgrade() -> None:
    """Make them."""
    _auth_users()
    _desk_role()
    _refresh_tokens()
    _one_time_tokens()
    _professional_profiles()
    _owned_keys()
    _sessions_of_people()


def _auth_users() -> None:
    op.create_table(
        "auth_users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("hashed_password", sa.Text(), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("is_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("email_verified_at", INSTANT, nullable=True),
        sa.Column("last_login_at", INSTANT, nullable=True),
        sa.Column("failed_login_attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.Column("token_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("language", sa.String(length=10), server_default="en", nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "email = lower(email) AND position('@' IN email) > 1", name=op.f("ck_auth_users_email_form")
        ),
        sa.CheckConstraint(
            "role IN ('parent', 'professional', 'staff', 'admin')", name=op.f("ck_auth_users_role")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'active', 'inactive', 'suspended', 'deleted')",
            name=op.f("ck_auth_users_status"),
        ),
        sa.CheckConstraint("failed_login_attempts >= 0", name=op.f("ck_auth_users_failed_login_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_users")),
        schema="muster",
    )
    op.create_index(
        "idx_users_email_status_active",
        "auth_users",
        ["email", "status", "is_active"],
        unique=False,
        schema="muster",
    )
    op.create_index(
        "idx_users_name_search", "auth_users", ["first_name", "last_name"], unique=False, schema="muster"
    )
    op.create_index(
        "idx_users_role_active_verified",
        "auth_users",
        ["role", "is_active", "is_verified"],
        unique=False,
        schema="muster",
    )
    op.create_index("uq_auth_users_email", "auth_users", ["email"], unique=True, schema="muster")


def _desk_role() -> None:
    op.create_table(
        "desk_role",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("places", ARRAY(sa.Text()), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("role <> 'admin' OR places IS NULL", name=op.f("ck_desk_role_admin_is_unlimited")),
        sa.CheckConstraint(
            "role <> 'manager' OR places IS NOT NULL", name=op.f("ck_desk_role_manager_is_limited")
        ),
        sa.CheckConstraint(
            "role IN ('viewer', 'operator', 'manager', 'admin')", name=op.f("ck_desk_role_role")
        ),
        sa.CheckConstraint(
            "places IS NULL OR cardinality(places) > 0", name=op.f("ck_desk_role_places_present")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_desk_role_user_id_auth_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "desk", name=op.f("pk_desk_role")),
        schema="muster",
    )


def _refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", ARRAY(sa.Text()), nullable=True),
        sa.Column("signed_in_at", INSTANT, nullable=False),
        sa.Column("issued_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("user_agent_hash", sa.Text(), nullable=True),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_refresh_tokens_token_hash_length")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_refresh_tokens_user_id_auth_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        schema="muster",
    )
    op.create_index(
        "idx_sessions_active_lookup",
        "refresh_tokens",
        ["user_id", "revoked_at", "expires_at"],
        unique=False,
        schema="muster",
    )
    op.create_index(
        "idx_sessions_cleanup", "refresh_tokens", ["expires_at", "revoked_at"], unique=False, schema="muster"
    )
    op.create_index(
        "ix_refresh_tokens_family_id", "refresh_tokens", ["family_id"], unique=False, schema="muster"
    )
    op.create_index(
        "uq_refresh_tokens_token_hash", "refresh_tokens", ["token_hash"], unique=True, schema="muster"
    )


def _one_time_tokens() -> None:
    op.create_table(
        "one_time_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password', 'invitation')",
            name=op.f("ck_one_time_tokens_purpose"),
        ),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_one_time_tokens_token_hash_length")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_one_time_tokens_user_id_auth_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_tokens")),
        schema="muster",
    )
    op.create_index(
        "ix_one_time_tokens_expires_at", "one_time_tokens", ["expires_at"], unique=False, schema="muster"
    )
    op.create_index(
        "ix_one_time_tokens_user_id", "one_time_tokens", ["user_id"], unique=False, schema="muster"
    )


def _professional_profiles() -> None:
    op.create_table(
        "professional_profiles",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("license_type", sa.String(length=100), nullable=True),
        sa.Column("license_number", sa.String(length=100), nullable=True),
        sa.Column("license_state", sa.String(length=50), nullable=True),
        sa.Column("license_expiry", sa.Date(), nullable=True),
        sa.Column("primary_specialty", sa.String(length=200), nullable=True),
        sa.Column("subspecialties", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("certifications", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("asd_certifications", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("preferred_age_groups", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("treatment_approaches", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("available_days", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("available_hours", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column(
            "languages_spoken", ARRAY(sa.Text()), server_default=sa.text("'{English}'"), nullable=False
        ),
        sa.Column("experience_years", sa.SmallInteger(), nullable=True),
        sa.Column("asd_experience_years", sa.SmallInteger(), nullable=True),
        sa.Column("clinic_name", sa.String(length=200), nullable=True),
        sa.Column("clinic_address", sa.Text(), nullable=True),
        sa.Column("clinic_phone", sa.String(length=20), nullable=True),
        sa.Column("practice_type", sa.String(length=100), nullable=True),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("accepts_new_patients", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("treatment_philosophy", sa.Text(), nullable=True),
        sa.Column("is_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("verified_at", INSTANT, nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "asd_experience_years <= experience_years",
            name=op.f("ck_professional_profiles_asd_within_experience"),
        ),
        sa.CheckConstraint(
            "asd_experience_years BETWEEN 0 AND 50",
            name=op.f("ck_professional_profiles_asd_experience_years"),
        ),
        sa.CheckConstraint(
            "experience_years BETWEEN 0 AND 50", name=op.f("ck_professional_profiles_experience_years")
        ),
        sa.CheckConstraint(
            "is_verified = (verified_at IS NOT NULL)", name=op.f("ck_professional_profiles_verified_at")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_professional_profiles_user_id_auth_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_professional_profiles")),
        schema="muster",
    )
    op.create_index(
        "idx_professional_location",
        "professional_profiles",
        ["location", "accepts_new_patients"],
        unique=False,
        schema="muster",
    )
    op.create_index(
        "idx_professional_search",
        "professional_profiles",
        ["primary_specialty", "accepts_new_patients"],
        unique=False,
        schema="muster",
    )
    op.create_index(
        "ix_professional_profiles_license_number",
        "professional_profiles",
        ["license_number"],
        unique=False,
        schema="muster",
    )


def _owned_keys() -> None:
    op.add_column("api_key", sa.Column("owner_id", sa.BigInteger(), nullable=True), schema="muster")
    op.add_column("api_key", sa.Column("child_ids", ARRAY(sa.BigInteger()), nullable=True), schema="muster")
    op.create_index("ix_api_key_owner_id", "api_key", ["owner_id"], schema="muster")
    op.create_foreign_key(
        op.f("fk_api_key_owner_id_auth_users"),
        "api_key",
        "auth_users",
        ["owner_id"],
        ["id"],
        source_schema="muster",
        referent_schema="muster",
        ondelete="CASCADE",
    )
    checks = {
        "child_ids_present": "child_ids IS NULL OR cardinality(child_ids) > 0",
        "child_ids_owned": "child_ids IS NULL OR owner_id IS NOT NULL",
    }
    for name, check in checks.items():
        op.create_check_constraint(op.f(f"ck_api_key_{name}"), "api_key", check, schema="muster")


def _sessions_of_people() -> None:
    op.add_column("browser_session", sa.Column("user_id", sa.BigInteger(), nullable=True), schema="muster")
    op.add_column("browser_session", sa.Column("token_version", sa.Integer(), nullable=True), schema="muster")
    op.alter_column("browser_session", "key_id", nullable=True, schema="muster")
    op.create_index("ix_browser_session_user_id", "browser_session", ["user_id"], schema="muster")
    op.create_foreign_key(
        op.f("fk_browser_session_user_id_auth_users"),
        "browser_session",
        "auth_users",
        ["user_id"],
        ["id"],
        source_schema="muster",
        referent_schema="muster",
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_browser_session_one_owner"),
        "browser_session",
        "(key_id IS NULL) <> (user_id IS NULL)",
        schema="muster",
    )


def downgrade() -> None:
    """Drop them; sessions of people end."""
    op.execute("DELETE FROM muster.browser_session WHERE key_id IS NULL")
    op.drop_constraint(op.f("ck_browser_session_one_owner"), "browser_session", schema="muster")
    op.drop_column("browser_session", "token_version", schema="muster")
    op.drop_column("browser_session", "user_id", schema="muster")
    op.alter_column("browser_session", "key_id", nullable=False, schema="muster")
    op.execute("DELETE FROM muster.api_key WHERE owner_id IS NOT NULL")
    op.drop_constraint(op.f("ck_api_key_child_ids_owned"), "api_key", schema="muster")
    op.drop_column("api_key", "child_ids", schema="muster")
    op.drop_column("api_key", "owner_id", schema="muster")
    op.drop_table("professional_profiles", schema="muster")
    op.drop_table("one_time_tokens", schema="muster")
    op.drop_table("refresh_tokens", schema="muster")
    op.drop_table("desk_role", schema="muster")
    op.drop_table("auth_users", schema="muster")
