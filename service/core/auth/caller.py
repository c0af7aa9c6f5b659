"""Somebody who is known: rights, sites, and the name under which answers are cached for them."""

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from service.core.auth.scopes import ADMIN, grants
from service.core.errors import NotAllowed, NotAuthenticated

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="muster"'}


class SiteNotAllowed(NotAllowed):
    """A caller limited to some sites asked for another one; `access` writes it to the audit."""

    code = "site_not_allowed"

    def __init__(self, detail: str, *, caller: "Caller", site: str) -> None:
        super().__init__(detail)
        self.caller = caller
        self.site = site


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is known: what it may do (`scopes`) and where (`sites`; None means everywhere).

    `id` is stable over its credentials (`key:ab12cd34`), `name` is for people to read. `visibility` names
    what the caller can see: equal exactly when rights and sites are, so cached answers are kept apart by it.
    """

    id: str
    name: str
    kind: Literal["key", "session", "system"]
    scopes: frozenset[str]
    sites: frozenset[str] | None = None
    granted: frozenset[str] = field(init=False, repr=False, compare=False)
    visibility: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        granted = grants(self.scopes)
        seen = [sorted(granted), None if self.sites is None else sorted(self.sites)]
        name = blake2b(json.dumps(seen).encode(), digest_size=16).hexdigest()
        object.__setattr__(self, "granted", granted)
        object.__setattr__(self, "visibility", name)

    def may(self, scope: str) -> bool:
        """Whether `scope` is among its rights (`admin` ⊇ all, `x:admin` ⊇ `x:write` ⊇ `x:read`)."""
        return scope in self.granted or ADMIN in self.granted

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


def not_signed_in(detail: str | None = None) -> NotAuthenticated:
    """The 401 with its challenge; `detail` says what is wrong with the credential that was sent."""
    usual = "send an API key as `Authorization: Bearer mst_…`, or sign in at /sign-in"
    return NotAuthenticated(detail or usual, headers=_CHALLENGE)
