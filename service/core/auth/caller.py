"""Somebody who is known: rights, sites, and the name under which answers are cached for them."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from service.core.auth.scopes import ADMIN, CLINICAL, grants
from service.core.errors import NotAllowed, NotAuthenticated, ServiceError

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="muster"'}


class Audited(ServiceError):
    """A refusal that `access` writes to the audit: who was refused what, on which subject, and truly why.

    `code` is what the caller is told; `deny_code` may say more (absent or merely hidden).
    """

    caller: "Caller"
    what: str
    subject: str
    deny_code: str
    child_id: int | None = None


class SiteNotAllowed(Audited, NotAllowed):
    """A caller limited to some sites asked for another one; `access` writes it to the audit."""

    code = "site_not_allowed"
    what = "site_not_allowed"
    deny_code = "site_not_allowed"

    def __init__(self, detail: str, *, caller: "Caller", site: str) -> None:
        super().__init__(detail)
        self.caller = caller
        self.subject = caller.id
        self.site = site


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is known: what it may do (`scopes`) and where (`sites`; None means everywhere).

    `id` is stable over its credentials (`key:ab12cd34`, `person:17`), `name` is for people to read.
    `visibility` names what the caller can see: equal exactly when rights and sites are (and, for who may see
    children, the person is), so cached answers are kept apart by it.

    `person` is who signed in, or who owns the key; `bound` the children a key or token is limited to;
    `break_glass` the emergency grant it reads by; `signed_in_at` when the password was last given. What is
    made at a person's wish carries on `token_version` and `family` of the token they showed: it ends with it.
    """

    id: str
    name: str
    kind: Literal["key", "session", "token", "system"]
    scopes: frozenset[str]
    sites: frozenset[str] | None = None
    person: int | None = None
    role: Literal["parent", "professional", "staff", "admin"] | None = None
    bound: frozenset[int] | None = None
    break_glass: UUID | None = None
    signed_in_at: datetime | None = field(default=None, compare=False)
    token_version: int | None = field(default=None, compare=False)
    family: UUID | None = field(default=None, compare=False)
    granted: frozenset[str] = field(init=False, repr=False, compare=False)
    visibility: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        granted = grants(self.scopes)
        seen: list[object] = [sorted(granted), None if self.sites is None else sorted(self.sites)]
        if not granted.isdisjoint(CLINICAL):
            seen += [self.person, None if self.bound is None else sorted(self.bound), str(self.break_glass)]
        name = blake2b(json.dumps(seen).encode(), digest_size=16).hexdigest()
        object.__setattr__(self, "granted", granted)
        object.__setattr__(self, "visibility", name)

    def may(self, scope: str) -> bool:
        """Whether `scope` is among its rights (`x:admin` ⊇ `x:write` ⊇ `x:read`; `admin`: not clinical)."""
        return scope in self.granted or (ADMIN in self.granted and scope not in CLINICAL)

    def require(self, *scopes: str) -> None:
        """Raise `NotAllowed` (`scope_missing`) unless it has every one of `scopes`."""
        for scope in scopes:
            if not self.may(scope):
                have = ", ".join(sorted(self.scopes)) or "nothing"
                raise NotAllowed(f"this needs the scope {scope}; you have {have}", code="scope_missing")

    def sees(self, site: str) -> bool:
        """Whether it may see this site."""
        return self.sites is None or site in self.sites

    def sites_for(self, requested: str | None = None) -> frozenset[str] | None:
        """The sites a query has to be limited to; None means no limit.

        Nothing requested gives the caller's own sites, one requested gives that one. A foreign one raises
        `SiteNotAllowed` (spec G-N-99), whether or not such a site exists, so nobody can probe for names.
        """
        if requested is None:
            return self.sites
        if not self.sees(requested):
            raise SiteNotAllowed(f"you may not see the site {requested!r}", caller=self, site=requested)
        return frozenset((requested,))


SYSTEM = Caller(id="system", name="system", kind="system", scopes=frozenset((ADMIN,)))
"""The service itself and the person at its command line."""


def not_signed_in(detail: str | None = None, *, code: str | None = None) -> NotAuthenticated:
    """The 401 with its challenge; `detail` says what is wrong with the credential that was sent."""
    usual = "send an API key or access token as `Authorization: Bearer …`, or sign in at /sign-in"
    return NotAuthenticated(detail or usual, headers=_CHALLENGE, code=code)
