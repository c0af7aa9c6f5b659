"""What travels about the audit: who did, read or was refused what."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.envelope import Instant, PageAsk, Wire

Name = Annotated[str, Field(min_length=1, max_length=140)]
Identity = Annotated[int, Field(ge=1, le=2**63 - 1)]


class AuditAsk(PageAsk):
    """Which part of the audit."""

    subject: Name | None = Field(None, description="What it was done to, such as `key:ab12cd34`.")
    who: Name | None = Field(None, description="Who did it, such as `key:ab12cd34` or `system`.")
    actor: Identity | None = Field(None, description="The person who did it, also by a key of theirs.")
    child_id: Identity | None = Field(None, description="The child it was about, also among others.")
    what: Name | None = Field(None, description="Dotted word, such as `child.read`; `child.*`: all of those.")
    outcome: Literal["allow", "deny"] | None = None
    from_: Instant | None = Field(None, alias="from", description="The first instant.")
    to: Instant | None = Field(None, description="The first instant after the range.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_ is not None and self.to is not None and self.from_ >= self.to:
            raise PydanticCustomError("invalid_range", "`from` has to be before `to`")
        return self


class AuditEntry(Wire):
    """What somebody did, read or was refused."""

    id: int
    at: Instant
    who: str
    what: str = Field(description="Stable dotted word, such as `key.created` or `site_not_allowed`.")
    subject: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    request_id: str | None = None
    actor_user_id: int | None = Field(None, description="The person behind `who`.")
    child_id: int | None = None
    child_ids: list[int] | None = Field(None, description="The children that a list showed.")
    outcome: Literal["allow", "deny"] = "allow"
    deny_code: str | None = Field(None, description="Why it was refused, truly: absent or merely hidden.")
    purpose: str | None = None
    network: str | None = Field(None, description="Of the client: /24, of IPv6 /48.")
    user_agent_hash: str | None = None
    changed_fields: list[str] | None = Field(None, description="Names, never values.")
