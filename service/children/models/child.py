"""A child: who it is, what it needs, and who stands around it (spec D2)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.access.models import AuthUser
from service.children.models.ground import (
    NO_WORDS,
    SCHEMA,
    Changing,
    Instant,
    Made,
    child_key,
    one_of,
    person_key,
)
from service.core.database import Base
from service.schemas.children import words as lists
from service.schemas.children.words import words


class Child(Changing, Base):
    """A child; `parent_id` is its primary guardian, as in `child_guardians`.

    `age` with `age_recorded_on` stands in where the date of birth is unknown. Archived: `is_active` false;
    restricted (spec E6): guardians read, professionals see nothing; `deleted_at`: nobody sees it.
    """

    __tablename__ = "children"
    __table_args__ = (
        CheckConstraint("length(btrim(name)) >= 1", name="name_present"),
        CheckConstraint("age BETWEEN 0 AND 25", name="age"),
        CheckConstraint("date_of_birth IS NOT NULL OR age IS NOT NULL", name="age_known"),
        CheckConstraint("(age IS NULL) = (age_recorded_on IS NULL)", name="age_recorded_on"),
        CheckConstraint("support_level BETWEEN 1 AND 3", name="support_level"),
        CheckConstraint("support_level IS NULL OR diagnosis IS NOT NULL", name="support_level_diagnosed"),
        CheckConstraint("diagnosis_date IS NULL OR diagnosis IS NOT NULL", name="diagnosis_date_diagnosed"),
        CheckConstraint("diagnosis_date >= date_of_birth", name="diagnosed_after_birth"),
        CheckConstraint("length(communication_notes) <= 1000", name="communication_notes"),
        CheckConstraint("length(behavioral_notes) <= 2000", name="behavioral_notes"),
        CheckConstraint("points >= 0", name="points"),
        one_of("communication_style", words(lists.CommunicationStyle)),
        Index("idx_children_parent_active", "parent_id", "is_active"),
        Index("idx_children_age_diagnosis", "age", "support_level"),
        Index("idx_children_created_updated", "created_at", "updated_at"),
        Index("idx_children_support_level_active", "support_level", "is_active"),
        Index("ix_children_dob_support", "date_of_birth", "support_level"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    parent_id: Mapped[int] = mapped_column(person_key())
    name: Mapped[str] = mapped_column(String(100))
    date_of_birth: Mapped[date | None]
    age: Mapped[int | None] = mapped_column(SmallInteger)
    age_recorded_on: Mapped[date | None]
    timezone: Mapped[str] = mapped_column(Text, server_default="UTC")
    support_level: Mapped[int | None] = mapped_column(SmallInteger)
    diagnosis: Mapped[str | None] = mapped_column(String(200))
    diagnosis_date: Mapped[date | None]
    diagnosing_professional: Mapped[str | None] = mapped_column(String(200))
    communication_style: Mapped[str | None] = mapped_column(Text)
    communication_notes: Mapped[str | None] = mapped_column(Text)
    behavioral_notes: Mapped[str | None] = mapped_column(Text)
    avatar_url: Mapped[str | None] = mapped_column(String(500))
    points: Mapped[int] = mapped_column(server_default=text("0"))
    level: Mapped[int] = mapped_column(
        SmallInteger, Computed("(LEAST(points / 100 + 1, 50))::smallint", persisted=True)
    )
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    legal_hold: Mapped[bool] = mapped_column(server_default=text("false"))
    restricted_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    parent: Mapped[AuthUser] = relationship(lazy="raise")
    sensory: Mapped[list["SensoryDomain"]] = relationship(
        lazy="raise", order_by="SensoryDomain.domain", passive_deletes=True
    )
    safety: Mapped["Safety | None"] = relationship(lazy="raise", passive_deletes=True)
    therapies: Mapped[list["Therapy"]] = relationship(
        lazy="raise", order_by="Therapy.id", passive_deletes=True
    )
    contacts: Mapped[list["EmergencyContact"]] = relationship(
        lazy="raise", order_by="EmergencyContact.id", passive_deletes=True
    )


class Guardian(Made, Base):
    """Somebody who may decide for a child (or only read), and who that is to the child."""

    __tablename__ = "child_guardians"
    __table_args__ = (
        one_of("relation", words(lists.Relation)),
        one_of("access", words(lists.GuardianAccess)),
        Index("uq_child_guardians_primary", "child_id", unique=True, postgresql_where="access = 'primary'"),
        Index("ix_child_guardians_user", "user_id", "child_id"),
        {"schema": SCHEMA},
    )

    child_id: Mapped[int] = child_key(primary_key=True)
    user_id: Mapped[int] = mapped_column(person_key(), primary_key=True)
    relation: Mapped[str] = mapped_column(Text)
    access: Mapped[str] = mapped_column(Text)

    user: Mapped[AuthUser] = relationship(lazy="raise")


class CareAssignment(Changing, Base):
    """A professional's access to a child, from an invitation to its end."""

    __tablename__ = "care_assignments"
    __table_args__ = (
        one_of("access_level", words(lists.CareAccess)),
        one_of("status", words(lists.AssignmentStatus)),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(
            "uq_care_assignments_open",
            "child_id",
            "professional_id",
            unique=True,
            postgresql_where="status IN ('invited', 'active')",
        ),
        Index(
            "ix_care_assignments_prof", "professional_id", "child_id", postgresql_where="status = 'active'"
        ),
        Index("ix_care_assignments_child", "child_id", "id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    professional_id: Mapped[int] = mapped_column(person_key())
    access_level: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="invited")
    invited_by: Mapped[int] = mapped_column(person_key())
    starts_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)

    professional: Mapped[AuthUser] = relationship(lazy="raise", foreign_keys=[professional_id])


class Consent(Base):
    """A consent as it was given; withdrawn, it stays on record (spec E9)."""

    __tablename__ = "consents"
    __table_args__ = (
        one_of("purpose", words(lists.ConsentPurpose)),
        CheckConstraint("(purpose = 'share_professional') = (grantee_user_id IS NOT NULL)", name="grantee"),
        CheckConstraint("withdrawn_at >= granted_at", name="withdrawn_after_grant"),
        Index(
            "uq_consents_standing",
            "child_id",
            "purpose",
            text("coalesce(grantee_user_id, 0)"),
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
        Index("ix_consents_child", "child_id", "id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    granted_by: Mapped[int] = mapped_column(person_key())
    purpose: Mapped[str] = mapped_column(Text)
    grantee_user_id: Mapped[int | None] = mapped_column(person_key())
    policy_version: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text, server_default="consent")
    granted_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)


class SensoryDomain(Base):
    """How a child takes one kind of impression: lists of at most 20 entries of 100 characters."""

    __tablename__ = "child_sensory_domains"
    __table_args__ = (
        one_of("domain", words(lists.SensoryDomain)),
        one_of("sensitivity", words(lists.Sensitivity)),
        *(
            CheckConstraint(f"cardinality({column}) <= 20", name=column)
            for column in ("preferences", "triggers", "accommodations")
        ),
        {"schema": SCHEMA},
    )

    child_id: Mapped[int] = child_key(primary_key=True)
    domain: Mapped[str] = mapped_column(Text, primary_key=True)
    sensitivity: Mapped[str] = mapped_column(Text)
    preferences: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    triggers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    accommodations: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)


class Safety(Base):
    """What keeps a child safe; conditions and medications are sealed (JSON lists, `core/sealing`)."""

    __tablename__ = "child_safety"
    __table_args__ = (one_of("elopement_risk", words(lists.ElopementRisk)), {"schema": SCHEMA})

    child_id: Mapped[int] = child_key(primary_key=True)
    elopement_risk: Mapped[str] = mapped_column(Text)
    emergency_procedures: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    calming_strategies: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    triggers_to_avoid: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    medical_conditions: Mapped[bytes | None] = mapped_column(LargeBinary)
    medications: Mapped[bytes | None] = mapped_column(LargeBinary)


class Therapy(Made, Base):
    """A therapy a child has or had; at most 10 open ones, each type once."""

    __tablename__ = "child_therapies"
    __table_args__ = (
        one_of("frequency", words(lists.TherapyFrequency)),
        CheckConstraint("end_date >= start_date", name="ends_after_start"),
        Index(
            "uq_child_therapies_open",
            "child_id",
            text("lower(type)"),
            unique=True,
            postgresql_where="end_date IS NULL",
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    type: Mapped[str] = mapped_column(Text)
    provider: Mapped[str | None] = mapped_column(String(200))
    frequency: Mapped[str | None] = mapped_column(Text)
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    goals: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    notes: Mapped[str | None] = mapped_column(String(1000))


class EmergencyContact(Made, Base):
    """Whom to call; phone and e-mail are sealed (`core/sealing`)."""

    __tablename__ = "child_emergency_contacts"
    __table_args__ = (Index("ix_child_emergency_contacts_child", "child_id", "id"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    name: Mapped[str] = mapped_column(String(100))
    relationship_: Mapped[str] = mapped_column("relationship", String(100))
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_primary: Mapped[bool] = mapped_column(server_default=text("false"))


class BreakGlass(Base):
    """An admin's reading of one child in an emergency: an hour, with a reason (spec E4.4)."""

    __tablename__ = "break_glass"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) >= 20", name="reason"),
        CheckConstraint("expires_at > opened_at", name="expires_after_opening"),
        Index("ix_break_glass_user_child", "user_id", "child_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    child_id: Mapped[int] = child_key()
    user_id: Mapped[int] = mapped_column(ForeignKey("muster.auth_users.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Instant)
