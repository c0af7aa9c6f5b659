"""What travels about access: keys and who is asking."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, PageAsk, Wire
from service.schemas.people import Profile

Name = Annotated[str, Field(min_length=1, max_length=140)]
Identity = Annotated[int, Field(ge=1, le=2**63 - 1)]


class IngestAsk(Ask):
    """Let a child's tablet send sessions, for half a day."""

    child_id: Identity


class IngestToken(Wire):
    """A token for one child's tablet; it can send sessions of that child and read nothing."""

    access_token: str = Field(description="To be sent as `Authorization: Bearer …`.", repr=False)
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  a word, no secret
    expires_in: int = Field(description="Seconds that it lives.")
    scope: str
    child_id: int


class Key(Wire):
    """An API key as it is shown: everything but its secret."""

    id: str = Field(description="The eight characters after `mst_`; no secret.")
    name: str
    scopes: list[str]
    sites: list[str] | None = Field(None, description="Sites it is limited to; null means every site.")
    owner_id: int | None = Field(None, description="The person it acts for; null of an operator's key.")
    child_ids: list[Identity] | None = Field(None, description="The children it is bound to.")
    state: Literal["active", "expired", "revoked"]
    created_by: str
    created_at: Instant
    expires_at: Instant | None = None
    revoked_at: Instant | None = None
    last_used_at: Instant | None = Field(None, description="To the minute; null when never used.")


class NewKey(Key):
    """A key just made, with its secret: shown this once and kept nowhere."""

    token: str = Field(
        description="`mst_<id>_<secret>`, to be sent as `Authorization: Bearer …`.", repr=False
    )


class KeyAsk(Ask):
    """Make a key."""

    name: Name
    scopes: list[Name] = Field(min_length=1, max_length=50)
    sites: list[Name] | None = Field(None, max_length=1000, description="Leave out for every site.")
    unknown_sites_ok: bool = Field(
        False, description="Take sites that are not known here: they are still to be synced or imported."
    )
    child_ids: list[Identity] | None = Field(
        None,
        min_length=1,
        max_length=5,
        description="For a guardian: the children a device may send sessions of.",
    )
    expires_at: Instant | None = Field(
        None,
        description="Leave out for an operator's key that stays until revoked; a guardian's ends in a year.",
    )


class Me(Wire):
    """Who is asking, as this service sees it."""

    id: str
    name: str
    kind: Literal["key", "session", "token", "system"]
    role: Literal["parent", "professional", "staff", "admin"] | None = Field(
        None, description="Of a person; null of a key."
    )
    scopes: list[str]
    sites: list[str] | None = Field(None, description="Sites one is limited to; null means every site.")
    profile: Profile | None = Field(None, description="Of a person: what they said; its version is the ETag.")


class KeysAsk(PageAsk):
    """Which page of the keys."""
