"""Stations, their people and appliances, and what is asked of a crew."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.crew.models.ground import NO_WORDS, SCHEMA, Instant, appliance_key, member_key, station_key

NOW = func.now()


class Station(Base):
    """A fire station; Gartan calls it a brigade. Its days are those of its zone."""

    __tablename__ = "station"
    __table_args__ = {"schema": SCHEMA}

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text, server_default="Europe/London")
    brigade_id: Mapped[int | None]
    brigade_name: Mapped[str | None] = mapped_column(Text)


class Profile:
    """What the grid says of a person beside their availability."""

    role: Mapped[str | None] = mapped_column(Text)
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    contract_hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    booked_hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    known_from: Mapped[datetime] = mapped_column(Instant, server_default=NOW)


class Member(Profile, Base):
    """A crew member of a station, by the key of the grid's name (spec D.1.7).

    `known_from` is when this profile was first observed; what held before lies in `MemberPast`.
    """

    __tablename__ = "crew_member"
    __table_args__ = (
        CheckConstraint("contract_hours BETWEEN 0 AND 168", name="contract_hours"),
        CheckConstraint("booked_hours >= 0", name="booked_hours"),
        UniqueConstraint("station_id", "name_key"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    station_id: Mapped[int] = station_key()
    name_key: Mapped[str] = mapped_column(Text)
    grid_name: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str | None] = mapped_column(Text)
    contract_raw: Mapped[str | None] = mapped_column(Text)
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=NOW)
    last_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=NOW)


class MemberPast(Profile, Base):
    """A profile that held from `known_from` until `known_to`, as it was known here."""

    __tablename__ = "crew_member_past"
    __table_args__ = {"schema": SCHEMA}

    crew_id: Mapped[int] = member_key(primary_key=True)
    known_from: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    known_to: Mapped[datetime] = mapped_column(Instant)


class Contact(Base):
    """How to reach a crew member: personal data, sealed, for admins only (spec D.10)."""

    __tablename__ = "crew_contact"
    __table_args__ = {"schema": SCHEMA}

    crew_id: Mapped[int] = member_key(primary_key=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    position: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=NOW)


class Skill(Base):
    """A code of a skill; one that a grid brings first is added as it stands."""

    __tablename__ = "skill"
    __table_args__ = {"schema": SCHEMA}

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text)


class SkillAlias(Base):
    """Another writing of a skill, read as that one (spec D.1.8)."""

    __tablename__ = "skill_alias"
    __table_args__ = {"schema": SCHEMA}

    alias: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.skill.code"))


class Appliance(Base):
    """A fire engine of a station, such as `P22P6`."""

    __tablename__ = "appliance"
    __table_args__ = (UniqueConstraint("station_id", "name"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    station_id: Mapped[int] = station_key()
    name: Mapped[str] = mapped_column(Text)
    gartan_ref: Mapped[int | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class CrewingRule(Base):
    """What a crew has to bring for an appliance, as it held from `valid_from` to `valid_to` (null: still).

    `tier` 1 is the normal minimum, 2 and more are degraded levels. `requirements` are those of
    `rules.crewing.Requirement`. `origin` `grid`: read from the grid's own title, and beside the enforced one.
    """

    __tablename__ = "crewing_rule"
    __table_args__ = (
        CheckConstraint("mode IN ('overlap', 'seats')", name="mode"),
        CheckConstraint("origin IN ('config', 'grid')", name="origin"),
        CheckConstraint("tier >= 1", name="tier"),
        CheckConstraint("valid_to > valid_from", name="valid"),
        Index(
            "uq_crewing_rule_in_force",
            "appliance_id",
            "origin",
            "name",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    appliance_id: Mapped[int] = appliance_key()
    name: Mapped[str] = mapped_column(Text)
    tier: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    mode: Mapped[str] = mapped_column(Text, server_default="overlap")
    origin: Mapped[str] = mapped_column(Text)
    enforced: Mapped[bool] = mapped_column(server_default=text("true"))
    requirements: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    valid_from: Mapped[datetime] = mapped_column(Instant, server_default=NOW)
    valid_to: Mapped[datetime | None] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(Text)


class LoginState(Base):
    """How signing in at the upstream stands for a station: locked on refused credentials until they change.

    `credential_fingerprint` is a keyed hash of those that were refused. What failed in passing is tried again
    at `next_attempt_at`, a minute later and doubling to fifteen (spec D.4).
    """

    __tablename__ = "login_state"
    __table_args__ = {"schema": SCHEMA}

    station_id: Mapped[int] = station_key(primary_key=True)
    locked: Mapped[bool] = mapped_column(server_default=text("false"))
    locked_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)
    credential_fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant)


class Warned(Base):
    """People who were told ahead that an appliance will be off the run, once for each stretch."""

    __tablename__ = "warned"
    __table_args__ = (UniqueConstraint("appliance_id", "starts_at"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    appliance_id: Mapped[int] = appliance_key()
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime] = mapped_column(Instant, server_default=NOW)
    crew_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer))
