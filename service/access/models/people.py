"""People: who they are, what they may do at which desk, and the tokens they hold (children spec D2, E1)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
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
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.core.models import SCHEMA, Instant

_EMPTY = text("'{}'")


class AuthUser(Base):
    """A person. `staff` are people of desks, whose rights are their `DeskRole` rows.

    `token_version` is in every access token: raising it ends them all. Erased people keep their row, without
    a name, since others' records name them as author.
    """

    __tablename__ = "auth_users"
    __table_args__ = (
        CheckConstraint("role IN ('parent', 'professional', 'staff', 'admin')", name="role"),
        CheckConstraint("status IN ('pending', 'active', 'inactive', 'suspended', 'deleted')", name="status"),
        CheckConstraint("email = lower(email) AND position('@' IN email) > 1", name="email_form"),
        CheckConstraint("failed_login_attempts >= 0", name="failed_login_attempts"),
        Index("uq_auth_users_email", "email", unique=True),
        Index("idx_users_role_active_verified", "role", "is_active", "is_verified"),
        Index("idx_users_name_search", "first_name", "last_name"),
        Index("idx_users_email_status_active", "email", "status", "is_active"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    email: Mapped[str] = mapped_column(String(255))
    hashed_password: Mapped[str | None] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="pending")
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    is_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    email_verified_at: Mapped[datetime | None] = mapped_column(Instant)
    last_login_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_login_attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    token_version: Mapped[int] = mapped_column(server_default=text("0"))
    timezone: Mapped[str] = mapped_column(Text, server_default="UTC")
    language: Mapped[str] = mapped_column(String(10), server_default="en")
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now(), onupdate=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)


class DeskRole(Base):
    """What a person may do at a desk, and where: `places` are sites or stations, null means everywhere."""

    __tablename__ = "desk_role"
    __table_args__ = (
        CheckConstraint("role IN ('viewer', 'operator', 'manager', 'admin')", name="role"),
        CheckConstraint("places IS NULL OR cardinality(places) > 0", name="places_present"),
        CheckConstraint("role <> 'manager' OR places IS NOT NULL", name="manager_is_limited"),
        CheckConstraint("role <> 'admin' OR places IS NULL", name="admin_is_unlimited"),
        {"schema": SCHEMA},
    )

    user_id: Mapped[int] = mapped_column(ForeignKey(AuthUser.id, ondelete="CASCADE"), primary_key=True)
    desk: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    places: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    granted_by: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class RefreshToken(Base):
    """One refresh token of a family; a used one that comes back ends the family (children spec E1)."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_length"),
        Index("uq_refresh_tokens_token_hash", "token_hash", unique=True),
        Index("ix_refresh_tokens_family_id", "family_id"),
        Index("idx_sessions_active_lookup", "user_id", "revoked_at", "expires_at"),
        Index("idx_sessions_cleanup", "expires_at", "revoked_at"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[int] = mapped_column(ForeignKey(AuthUser.id, ondelete="CASCADE"))
    family_id: Mapped[UUID] = mapped_column(Uuid)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    signed_in_at: Mapped[datetime] = mapped_column(Instant)
    issued_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    replaced_by: Mapped[UUID | None] = mapped_column(Uuid)
    network: Mapped[str | None] = mapped_column(Text)
    user_agent_hash: Mapped[str | None] = mapped_column(Text)


class OneTimeToken(Base):
    """A token sent by mail, used once: to verify an address, to set a password, to accept an invitation."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_length"),
        CheckConstraint("purpose IN ('verify_email', 'reset_password', 'invitation')", name="purpose"),
        Index("ix_one_time_tokens_user_id", "user_id"),
        Index("ix_one_time_tokens_expires_at", "expires_at"),
        {"schema": SCHEMA},
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(AuthUser.id, ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class ProfessionalProfile(Base):
    """The licence and practice of a professional; nobody is seen as one before an admin has verified it."""

    __tablename__ = "professional_profiles"
    __table_args__ = (
        CheckConstraint("experience_years BETWEEN 0 AND 50", name="experience_years"),
        CheckConstraint("asd_experience_years BETWEEN 0 AND 50", name="asd_experience_years"),
        CheckConstraint("asd_experience_years <= experience_years", name="asd_within_experience"),
        CheckConstraint("is_verified = (verified_at IS NOT NULL)", name="verified_at"),
        Index("idx_professional_search", "primary_specialty", "accepts_new_patients"),
        Index("idx_professional_location", "location", "accepts_new_patients"),
        Index("ix_professional_profiles_license_number", "license_number"),
        {"schema": SCHEMA},
    )

    user_id: Mapped[int] = mapped_column(ForeignKey(AuthUser.id, ondelete="CASCADE"), primary_key=True)
    license_type: Mapped[str | None] = mapped_column(String(100))
    license_number: Mapped[str | None] = mapped_column(String(100))
    license_state: Mapped[str | None] = mapped_column(String(50))
    license_expiry: Mapped[date | None]
    primary_specialty: Mapped[str | None] = mapped_column(String(200))
    subspecialties: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY)
    certifications: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY)
    asd_certifications: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY)
    preferred_age_groups: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY)
    treatment_approaches: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY)
    available_days: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY)
    available_hours: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)
    languages_spoken: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{English}'"))
    experience_years: Mapped[int | None] = mapped_column(SmallInteger)
    asd_experience_years: Mapped[int | None] = mapped_column(SmallInteger)
    clinic_name: Mapped[str | None] = mapped_column(String(200))
    clinic_address: Mapped[str | None] = mapped_column(Text)
    clinic_phone: Mapped[str | None] = mapped_column(String(20))
    practice_type: Mapped[str | None] = mapped_column(String(100))
    location: Mapped[str | None] = mapped_column(String(200))
    accepts_new_patients: Mapped[bool] = mapped_column(server_default=text("true"))
    bio: Mapped[str | None] = mapped_column(Text)
    treatment_philosophy: Mapped[str | None] = mapped_column(Text)
    is_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    verified_by: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now(), onupdate=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))
