"""What travels about access: keys and who is asking."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, PageAsk, Wire
from service.schemas.people import Profile

Name = Annotated[str, Field(min_length=1, max_length=140)]


class Key(Wire):
    """An API key as it is shown: everything but its secret."""

    id: str = Field(description="The eight characters after `mst_`; no secret.")
    name: str
    scopes: list[str]
    sites: list[str] | None = Field(None, description="Sites it is limited to; null means every site.")
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
    expires_at: Instant | None = Field(None, description="Leave out for a key that stays until revoked.")


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
