"""A child: who it is, what it needs, who stands around it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0014_child"
down_revision: str | None = "0013_audit"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("'{}'")


def upgrade() -> None:
    """Make them."""
    op.execute("CREATE SCHEMA children")
    _children()
    _child_guardians()
    _care_assignments()
    _consents()
    _child_sensory_domains()
    _child_safety()
    _child_therapies()
    _child_emergency_contacts()
    _break_glass()


def _children() -> None:
    op.create_table(
        "children",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("age", sa.SmallInteger(), nullable=True),
        sa.Column("age_recorded_on", sa.Date(), nullable=True),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("support_level", sa.SmallInteger(), nullable=True),
        sa.Column("diagnosis", sa.String(length=200), nullable=True),
        sa.Column("diagnosis_date", sa.Date(), nullable=True),
        sa.Column("diagnosing_professional", sa.String(length=200), nullable=True),
        sa.Column("communication_style", sa.Text(), nullable=True),
        sa.Column("communication_notes", sa.Text(), nullable=True),
        sa.Column("behavioral_notes", sa.Text(), nullable=True),
        sa.Column("avatar_url", sa.String(length=500), nullable=True),
        sa.Column("points", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "level",
            sa.SmallInteger(),
            sa.Computed("(LEAST(points / 100 + 1, 50))::smallint", persisted=True),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("legal_hold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("restricted_at", INSTANT, nullable=True),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "communication_style IN ('verbal', 'non_verbal', 'mixed', 'alternative')",
            name=op.f("ck_children_communication_style"),
        ),
        sa.CheckConstraint(
            "(age IS NULL) = (age_recorded_on IS NULL)", name=op.f("ck_children_age_recorded_on")
        ),
        sa.CheckConstraint("age BETWEEN 0 AND 25", name=op.f("ck_children_age")),
        sa.CheckConstraint(
            "date_of_birth IS NOT NULL OR age IS NOT NULL", name=op.f("ck_children_age_known")
        ),
        sa.CheckConstraint("diagnosis_date >= date_of_birth", name=op.f("ck_children_diagnosed_after_birth")),
        sa.CheckConstraint(
            "diagnosis_date IS NULL OR diagnosis IS NOT NULL",
            name=op.f("ck_children_diagnosis_date_diagnosed"),
        ),
        sa.CheckConstraint("length(behavioral_notes) <= 2000", name=op.f("ck_children_behavioral_notes")),
        sa.CheckConstraint("length(btrim(name)) >= 1", name=op.f("ck_children_name_present")),
        sa.CheckConstraint(
            "length(communication_notes) <= 1000", name=op.f("ck_children_communication_notes")
        ),
        sa.CheckConstraint("points >= 0", name=op.f("ck_children_points")),
        sa.CheckConstraint("support_level BETWEEN 1 AND 3", name=op.f("ck_children_support_level")),
        sa.CheckConstraint(
            "support_level IS NULL OR diagnosis IS NOT NULL", name=op.f("ck_children_support_level_diagnosed")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_children_parent_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        schema="children",
    )
    op.create_index(
        "idx_children_age_diagnosis", "children", ["age", "support_level"], unique=False, schema="children"
    )
    op.create_index(
        "idx_children_created_updated",
        "children",
        ["created_at", "updated_at"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_children_parent_active", "children", ["parent_id", "is_active"], unique=False, schema="children"
    )
    op.create_index(
        "idx_children_support_level_active",
        "children",
        ["support_level", "is_active"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "ix_children_dob_support",
        "children",
        ["date_of_birth", "support_level"],
        unique=False,
        schema="children",
    )


def _child_guardians() -> None:
    op.create_table(
        "child_guardians",
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "access IN ('primary', 'full', 'read_only')", name=op.f("ck_child_guardians_access")
        ),
        sa.CheckConstraint(
            "relation IN ('mother', 'father', 'guardian', 'other')", name=op.f("ck_child_guardians_relation")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_child_guardians_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_child_guardians_user_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("child_id", "user_id", name=op.f("pk_child_guardians")),
        schema="children",
    )
    op.create_index(
        "ix_child_guardians_user", "child_guardians", ["user_id", "child_id"], unique=False, schema="children"
    )
    op.create_index(
        "uq_child_guardians_primary",
        "child_guardians",
        ["child_id"],
        unique=True,
        schema="children",
        postgresql_where="access = 'primary'",
    )


def _care_assignments() -> None:
    op.create_table(
        "care_assignments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("professional_id", sa.BigInteger(), nullable=False),
        sa.Column("access_level", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="invited", nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "access_level IN ('view', 'comment', 'edit')", name=op.f("ck_care_assignments_access_level")
        ),
        sa.CheckConstraint(
            "status IN ('invited', 'active', 'declined', 'ended')", name=op.f("ck_care_assignments_status")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_care_assignments_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_care_assignments_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"],
            ["muster.auth_users.id"],
            name=op.f("fk_care_assignments_invited_by_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_care_assignments_professional_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_assignments")),
        schema="children",
    )
    op.create_index(
        "ix_care_assignments_child", "care_assignments", ["child_id", "id"], unique=False, schema="children"
    )
    op.create_index(
        "ix_care_assignments_prof",
        "care_assignments",
        ["professional_id", "child_id"],
        unique=False,
        schema="children",
        postgresql_where="status = 'active'",
    )
    op.create_index(
        "uq_care_assignments_open",
        "care_assignments",
        ["child_id", "professional_id"],
        unique=True,
        schema="children",
        postgresql_where="status IN ('invited', 'active')",
    )


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("granted_by", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("grantee_user_id", sa.BigInteger(), nullable=True),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), server_default="consent", nullable=False),
        sa.Column("granted_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("evidence", JSONB(), server_default=EMPTY, nullable=False),
        sa.CheckConstraint(
            "(purpose = 'share_professional') = (grantee_user_id IS NOT NULL)",
            name=op.f("ck_consents_grantee"),
        ),
        sa.CheckConstraint(
            "purpose IN ('processing', 'share_professional', 'analytics', 'research', 'media')",
            name=op.f("ck_consents_purpose"),
        ),
        sa.CheckConstraint("withdrawn_at >= granted_at", name=op.f("ck_consents_withdrawn_after_grant")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_consents_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"],
            ["muster.auth_users.id"],
            name=op.f("fk_consents_granted_by_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["grantee_user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_consents_grantee_user_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        schema="children",
    )
    op.create_index("ix_consents_child", "consents", ["child_id", "id"], unique=False, schema="children")
    op.create_index(
        "uq_consents_standing",
        "consents",
        ["child_id", "purpose", sa.literal_column("coalesce(grantee_user_id, 0)")],
        unique=True,
        schema="children",
        postgresql_where="withdrawn_at IS NULL",
    )


def _child_sensory_domains() -> None:
    op.create_table(
        "child_sensory_domains",
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("preferences", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("triggers", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("accommodations", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.CheckConstraint(
            "domain IN ('auditory', 'visual', 'tactile', 'vestibular', 'proprioceptive', 'gustatory', 'olfactory')",
            name=op.f("ck_child_sensory_domains_domain"),
        ),
        sa.CheckConstraint(
            "sensitivity IN ('high', 'moderate', 'low')", name=op.f("ck_child_sensory_domains_sensitivity")
        ),
        sa.CheckConstraint(
            "cardinality(accommodations) <= 20", name=op.f("ck_child_sensory_domains_accommodations")
        ),
        sa.CheckConstraint(
            "cardinality(preferences) <= 20", name=op.f("ck_child_sensory_domains_preferences")
        ),
        sa.CheckConstraint("cardinality(triggers) <= 20", name=op.f("ck_child_sensory_domains_triggers")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_child_sensory_domains_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("child_id", "domain", name=op.f("pk_child_sensory_domains")),
        schema="children",
    )


def _child_safety() -> None:
    op.create_table(
        "child_safety",
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("elopement_risk", sa.Text(), nullable=False),
        sa.Column("emergency_procedures", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("calming_strategies", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("triggers_to_avoid", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("medical_conditions", sa.LargeBinary(), nullable=True),
        sa.Column("medications", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "elopement_risk IN ('high', 'moderate', 'low', 'none')",
            name=op.f("ck_child_safety_elopement_risk"),
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_child_safety_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_child_safety")),
        schema="children",
    )


def _child_therapies() -> None:
    op.create_table(
        "child_therapies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=True),
        sa.Column("frequency", sa.Text(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("goals", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "frequency IN ('daily', 'weekly', '2x_weekly', '3x_weekly', '4x_weekly', '5x_weekly', 'biweekly', 'monthly', 'as_needed', 'intensive')",
            name=op.f("ck_child_therapies_frequency"),
        ),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_child_therapies_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_child_therapies_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_therapies")),
        schema="children",
    )
    op.create_index(
        "uq_child_therapies_open",
        "child_therapies",
        ["child_id", sa.literal_column("lower(type)")],
        unique=True,
        schema="children",
        postgresql_where="end_date IS NULL",
    )


def _child_emergency_contacts() -> None:
    op.create_table(
        "child_emergency_contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("relationship", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_child_emergency_contacts_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_emergency_contacts")),
        schema="children",
    )
    op.create_index(
        "ix_child_emergency_contacts_child",
        "child_emergency_contacts",
        ["child_id", "id"],
        unique=False,
        schema="children",
    )


def _break_glass() -> None:
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint("expires_at > opened_at", name=op.f("ck_break_glass_expires_after_opening")),
        sa.CheckConstraint("length(btrim(reason)) >= 20", name=op.f("ck_break_glass_reason")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_break_glass_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_break_glass_user_id_auth_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
        schema="children",
    )
    op.create_index(
        "ix_break_glass_user_child", "break_glass", ["user_id", "child_id"], unique=False, schema="children"
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("break_glass", schema="children")
    op.drop_table("child_emergency_contacts", schema="children")
    op.drop_table("child_therapies", schema="children")
    op.drop_table("child_safety", schema="children")
    op.drop_table("child_sensory_domains", schema="children")
    op.drop_table("consents", schema="children")
    op.drop_table("care_assignments", schema="children")
    op.drop_table("child_guardians", schema="children")
    op.drop_table("children", schema="children")
    op.execute("DROP SCHEMA children")
