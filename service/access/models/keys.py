"""Keys, and the sessions and links of browsers. No secret is stored, only its SHA-256."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.access.models.people import AuthUser
from service.core.database import Base
from service.core.models import SCHEMA, Instant


class ApiKey(Base):
    """A key: who made it, what it may do (`scopes`) and where (`sites`, null means everywhere).

    One that a person owns acts for that person, on the children it is bound to and no others.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("id ~ '^[0-9a-z]{8}$'", name="id_form"),
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash_length"),
        CheckConstraint("cardinality(scopes) > 0", name="scopes_present"),
        CheckConstraint("sites IS NULL OR cardinality(sites) > 0", name="sites_present"),
        CheckConstraint("child_ids IS NULL OR cardinality(child_ids) > 0", name="child_ids_present"),
        CheckConstraint("child_ids IS NULL OR owner_id IS NOT NULL", name="child_ids_owned"),
        Index("ix_api_key_created_at_id", "created_at", "id"),
        Index("ix_api_key_owner_id", "owner_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sites: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(AuthUser.id, ondelete="CASCADE"))
    child_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class BrowserSession(Base):
    """A signed-in browser: it stands for a key or a person and ends with that."""

    __tablename__ = "browser_session"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_length"),
        Index("uq_browser_session_token_hash", "token_hash", unique=True),
        CheckConstraint("(key_id IS NULL) <> (user_id IS NULL)", name="one_owner"),
        Index("ix_browser_session_key_id", "key_id"),
        Index("ix_browser_session_user_id", "user_id"),
        Index("ix_browser_session_expires_at", "expires_at"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str | None] = mapped_column(ForeignKey(ApiKey.id, ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(AuthUser.id, ondelete="CASCADE"))
    token_version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInLink(Base):
    """A link that signs one browser in, once, and leads it to `target` (a path of ours)."""

    __tablename__ = "sign_in_link"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_length"),
        CheckConstraint("target LIKE '/%' AND target NOT LIKE '//%'", name="target_is_local"),
        Index("ix_sign_in_link_key_id", "key_id"),
        Index("ix_sign_in_link_expires_at", "expires_at"),
        {"schema": SCHEMA},
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey(ApiKey.id, ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
