"""Styles, the other names they go by, and their recipes."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.mill.models.ground import (
    SCHEMA,
    Price,
    a_code,
    key_of,
    not_negative,
    one_of,
    pounds,
    row_key,
    row_version,
)


class Style(Base):
    """A fabric, greige or finished. `bom_status` says how far its recipe can be trusted (spec B.5)."""

    __tablename__ = "styles"
    __table_args__ = (
        a_code("style_code"),
        one_of("stage", "greige", "finished", "other"),
        CheckConstraint("yds_per_lb > 0", name="yds_per_lb"),
        CheckConstraint("oz_per_lin_yd > 0", name="oz_per_lin_yd"),
        CheckConstraint("width_in > 0", name="width_in"),
        CheckConstraint("gsm > 0", name="gsm"),
        CheckConstraint("lb_per_piece > 0", name="lb_per_piece"),
        CheckConstraint("rate_lb_per_day > 0", name="rate_lb_per_day"),
        not_negative("conversion_cost_per_lb"),
        one_of("loss_mode", "add_on", "yield"),
        one_of("bom_status", "none", "ok", "near", "incomplete", "rejected"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    style_code: Mapped[str] = mapped_column(Text, unique=True)
    base_code: Mapped[str | None] = mapped_column(Text, index=True)
    stage: Mapped[str] = mapped_column(Text, server_default="greige")
    yds_per_lb: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    oz_per_lin_yd: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    width_in: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    gsm: Mapped[Decimal | None] = mapped_column(Numeric(9, 3))
    lb_per_piece: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    rate_lb_per_day: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    work_center_id: Mapped[int | None] = key_of("work_centers")
    conversion_cost_per_lb: Mapped[Decimal | None] = mapped_column(Price)
    loss_mode: Mapped[str] = mapped_column(Text, server_default="add_on")
    bom_status: Mapped[str] = mapped_column(Text, server_default="none")
    status: Mapped[str] = mapped_column(Text, server_default="active")
    row_version: Mapped[int] = row_version()


class StyleAlias(Base):
    """Another name of a style: sales speak of finished styles, recipes of greige ones."""

    __tablename__ = "style_aliases"
    __table_args__ = (
        one_of("kind", "fstyle", "gstyle", "cfbase", "legacy"),
        one_of("method", "file", "exact", "base", "manual"),
        {"schema": SCHEMA},
    )

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    alias_code: Mapped[str] = mapped_column(Text, primary_key=True)
    style_id: Mapped[int] = key_of("styles", primary_key=True)
    method: Mapped[str] = mapped_column(Text)
    version: Mapped[str | None] = mapped_column(Text)


class Bom(Base):
    """A line of a recipe: pounds of a yarn, or of another style, for a pound of the style (spec R6, R7)."""

    __tablename__ = "bom"
    __table_args__ = (
        CheckConstraint("quantity_per > 0 AND quantity_per <= 1000", name="quantity_per"),
        CheckConstraint("yarn_id IS NULL OR quantity_per <= 1", name="yarn_is_a_fraction"),
        CheckConstraint("loss_pct >= 0 AND loss_pct < 1", name="loss_pct"),
        not_negative("setup_lb"),
        CheckConstraint("num_nonnulls(yarn_id, component_style_id) = 1", name="one_component"),
        CheckConstraint("component_style_id IS DISTINCT FROM style_id", name="not_itself"),
        CheckConstraint("valid_from < valid_to", name="valid"),
        Index(
            "uq_bom_line",
            "style_id",
            "yarn_id",
            "component_style_id",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_bom_style", "style_id"),
        Index("idx_bom_yarn", "yarn_id"),
        Index("idx_bom_style_yarn", "style_id", "yarn_id", postgresql_include=("quantity_per", "loss_pct")),
        Index(
            "idx_bom_component",
            "component_style_id",
            postgresql_where=text("component_style_id IS NOT NULL"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    style_id: Mapped[int] = key_of("styles")
    yarn_id: Mapped[int | None] = key_of("yarns")
    component_style_id: Mapped[int | None] = key_of("styles")
    quantity_per: Mapped[Decimal] = mapped_column(Numeric(12, 8))
    loss_pct: Mapped[Decimal] = mapped_column(Numeric(7, 6), server_default=text("0"))
    setup_lb: Mapped[Decimal] = pounds()
    valid_from: Mapped[date] = mapped_column(server_default=text("'1900-01-01'"))
    valid_to: Mapped[date] = mapped_column(server_default=text("'9999-12-31'"))


class AlternateCentre(Base):
    """Another work centre that can knit a style; which of all is taken the earliest end decides (E.7).

    `preference` is for people to read: a schedule does not follow it.
    """

    __tablename__ = "style_work_centers"
    __table_args__ = {"schema": SCHEMA}

    style_id: Mapped[int] = key_of("styles", primary_key=True)
    work_center_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.work_centers.id"), primary_key=True
    )
    preference: Mapped[int] = mapped_column(server_default=text("1"))
