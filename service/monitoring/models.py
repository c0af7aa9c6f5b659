"""The tables of monitoring, in the PostgreSQL schema `muster`: history, baselines, alert rules and events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.core.models import SCHEMA, Instant


class FigureHistory(Base):
    """The figures of one installation over a span of `seconds`: the slot of a ring, written again and again.

    Rings are of fixed size (1 h at 10 s, 24 h at 1 min, 30 d at 1 h): `slot` is the number of the span since
    the epoch, modulo the ring's length, and `at` says which round it is of.
    """

    __tablename__ = "figure_history"
    __table_args__ = (Index("ix_figure_history_instance_at", "instance", "at"), {"schema": SCHEMA})

    instance: Mapped[str] = mapped_column(Text, primary_key=True)
    seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Baseline(Base):
    """A performance report that somebody keeps, to compare later ones with."""

    __tablename__ = "baseline"
    __table_args__ = (
        Index("uq_baseline_name", "name", unique=True),
        Index("ix_baseline_created_at_id", "created_at", "id"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class AlertRule(Base):
    """What is watched, and how that stands: one state over all replicas.

    `source` says where the value comes from, `channels` who hears of it. `clear_at` is the value past which
    a firing rule resolves (hysteresis; null: the threshold). `flag` is the optimisation that firing switches
    off. `secret_hash` as for subscriptions.
    """

    __tablename__ = "alert_rule"
    __table_args__ = (
        CheckConstraint("state IN ('ok', 'pending', 'firing', 'unknown')", name="state_known"),
        CheckConstraint("severity IN ('info', 'warning', 'critical')", name="severity_known"),
        CheckConstraint("comparison IN ('>', '>=', '<', '<=', '=', '!=')", name="comparison_known"),
        Index("uq_alert_rule_name", "name", unique=True),
        Index("ix_alert_rule_created_at_id", "created_at", "id"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[dict[str, Any]] = mapped_column(JSONB)
    comparison: Mapped[str] = mapped_column(Text)
    threshold: Mapped[float]
    clear_at: Mapped[float | None]
    for_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    severity: Mapped[str] = mapped_column(Text)
    channels: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    flag: Mapped[str | None] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    silenced_until: Mapped[datetime | None] = mapped_column(Instant)
    silenced_because: Mapped[str | None] = mapped_column(Text)
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    state: Mapped[str] = mapped_column(Text, server_default=text("'ok'"))
    state_since: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    value: Mapped[float | None]
    detail: Mapped[str | None] = mapped_column(Text)
    evaluated_at: Mapped[datetime | None] = mapped_column(Instant)


class AlertEvent(Base):
    """A rule went from one state into another, and who was told."""

    __tablename__ = "alert_event"
    __table_args__ = (
        Index("ix_alert_event_rule_id_id", "rule_id", "id"),
        Index("ix_alert_event_at", "at"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    rule_id: Mapped[UUID] = mapped_column(ForeignKey(AlertRule.id, ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    state: Mapped[str] = mapped_column(Text)
    value: Mapped[float | None]
    threshold: Mapped[float]
    detail: Mapped[str] = mapped_column(Text)
    told: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
