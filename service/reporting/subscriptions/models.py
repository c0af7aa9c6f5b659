"""The tables of subscriptions, in the PostgreSQL schema `muster`. No secret is stored, only its SHA-256."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.core.models import SCHEMA, Instant


class Subscription(Base):
    """A report that is delivered whenever `cron` is due on the clock of `timezone`.

    `style` is how files look (locale, delimiter, bom, durations). `sites` (null: everywhere) is what its
    owner could see when it was made; what a delivery shows is decided anew each time. `failures` counts
    failed deliveries in a row. `last_run` is the run that carried the last delivery.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'paused', 'ended')", name="state_known"),
        CheckConstraint("channel IN ('folder', 'webhook', 'email')", name="channel_known"),
        CheckConstraint("(channel = 'webhook') = (secret_hash IS NOT NULL)", name="webhooks_are_signed"),
        Index("ix_subscription_created_at_id", "created_at", "id"),
        Index("ix_subscription_next_at", "desk", "next_at", postgresql_where=text("state = 'active'")),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    desk: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    format: Mapped[str] = mapped_column(Text)
    style: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cron: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    sites: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    detail: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    next_at: Mapped[datetime] = mapped_column(Instant)
    last_run: Mapped[UUID | None] = mapped_column(Uuid)


class Delivery(Base):
    """One instant at which a subscription was due, and what became of it.

    `retry_at`: when somebody may take it (again): after a pause, or when whoever had it must have died.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('running', 'waiting', 'delivered', 'logged', 'failed', 'skipped')", name="state_known"
        ),
        CheckConstraint("(retry_at IS NOT NULL) = (state IN ('running', 'waiting'))", name="open_has_a_time"),
        # Every instant is delivered once, whatever the number of replicas.
        Index("uq_delivery_subscription_id_due_at", "subscription_id", "due_at", unique=True),
        Index("ix_delivery_retry_at", "retry_at", postgresql_where=text("retry_at IS NOT NULL")),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey(Subscription.id, ondelete="CASCADE"))
    due_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    run: Mapped[UUID | None] = mapped_column(Uuid)
    detail: Mapped[str | None] = mapped_column(Text)
    file_name: Mapped[str | None] = mapped_column(Text)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    complete: Mapped[bool | None]
    retry_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
