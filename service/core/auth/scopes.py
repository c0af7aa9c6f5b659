"""The scopes there are, what each lets one do, and what each implies."""

from collections.abc import Iterable
from typing import Final

from service.core.errors import near_matches

CLINICAL: Final[dict[str, str]] = {
    "children:read": "see children, as far as one may see each",
    "children:write": "change what is kept about a child",
    "sessions:read": "see sessions of play and activities",
    "sessions:write": "start, change and end sessions of play, add activities",
    "analytics:read": "see figures worked from sessions",
    "notes:read": "read notes",
    "notes:write": "write notes",
    "assessments:read": "read assessments",
    "assessments:write": "add assessments",
    "points:write": "award points",
    "reports:read": "read reports about a child",
    "reports:write": "write and review reports about a child",
    "assignments:manage": "invite professionals, accept and end their access",
    "consent:manage": "give and withdraw consent",
    "export:create": "take out everything kept about a child",
    "erase:request": "have a child erased",
}
"""Scopes over children (children spec E2): none implies another, and `admin` has none of them."""

SCOPES: dict[str, str] = {
    "admin": "everything but children, with keys and settings",
    "attendance:read": "see people, check-ins, days and reports of attendance",
    "attendance:write": "also start syncs and change what is kept here",
    "attendance:admin": "also change rules and other settings of attendance",
    "crew:read": "see crews, appliances and reports of fire stations",
    "crew:write": "also start looks at the grids, import files, unlock a station's login",
    "crew:admin": "also change crewing rules and see how to reach people",
    "mill:read": "see yarn, recipes, orders, machines, plans and reports of the mill",
    "mill:write": "also import files, plan, allocate, change orders, decide on what a plan advises",
    "mill:admin": "also change planning parameters, calendars and approved substitutes",
    "users:admin": "invite people, give and take roles, verify licences, open a child in an emergency",
    "audit:read": "read the audit",
    "population:read": "see figures over all children who are part of them, never of one",
    "health:detail": "see how the service is, in detail",
    "apikeys:manage": "make and revoke one's own keys",
    **CLINICAL,
}
"""Every scope there is and what it lets one do; a desk that lands adds its lines here."""

ADMIN = "admin"
_IMPLIED = {"admin": ("write", "read"), "write": ("read",)}


def grants(scopes: Iterable[str]) -> frozenset[str]:
    """`scopes` with everything they imply; `admin` stands for all that is not clinical."""
    given = frozenset(scopes)
    clinical = given & CLINICAL.keys()
    if ADMIN in given:
        return frozenset((ADMIN,)) | clinical
    implied = set(given)
    for scope in given - clinical:
        desk, _, level = scope.rpartition(":")
        implied.update(f"{desk}:{lower}" for lower in _IMPLIED.get(level, ()))
    return frozenset(implied)


def unknown_scopes(scopes: Iterable[str]) -> dict[str, list[str]]:
    """The words among `scopes` that are no scope, each with near matches."""
    return {scope: near_matches(scope, SCOPES) for scope in scopes if scope not in SCOPES}
