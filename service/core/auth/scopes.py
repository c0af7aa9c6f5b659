"""The scopes there are, what each lets one do, and what each implies."""

from collections.abc import Iterable

from service.core.errors import near_matches

SCOPES: dict[str, str] = {
    "admin": "everything, with keys and settings",
    "attendance:read": "see people, check-ins, days and reports of attendance",
    "attendance:write": "also start syncs and change what is kept here",
    "attendance:admin": "also change rules and other settings of attendance",
}
"""Every scope there is and what it lets one do; a desk that lands adds its lines here."""

ADMIN = "admin"
_IMPLIED = {"admin": ("write", "read"), "write": ("read",)}


def grants(scopes: Iterable[str]) -> frozenset[str]:
    """`scopes` with everything they imply; `admin` stands for all and stays alone."""
    given = frozenset(scopes)
    if ADMIN in given:
        return frozenset((ADMIN,))
    implied = set(given)
    for scope in given:
        desk, _, level = scope.rpartition(":")
        implied.update(f"{desk}:{lower}" for lower in _IMPLIED.get(level, ()))
    return frozenset(implied)


def unknown_scopes(scopes: Iterable[str]) -> dict[str, list[str]]:
    """The words among `scopes` that are no scope, each with near matches."""
    return {scope: near_matches(scope, SCOPES) for scope in scopes if scope not in SCOPES}
