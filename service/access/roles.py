"""Roles are named bundles of scopes: what a person may do by being who they are, and at which desk."""

from collections.abc import Mapping
from typing import Final

ROLES: Final[Mapping[str, frozenset[str]]] = {
    "parent": frozenset(
        {
            "children:read", "children:write", "sessions:read", "sessions:write", "analytics:read",
            "notes:read", "notes:write", "assessments:read", "points:write", "reports:read",
            "assignments:manage", "consent:manage", "export:create", "erase:request", "apikeys:manage",
        }
    ),
    "professional": frozenset(
        {
            "children:read", "children:write", "sessions:read", "sessions:write", "analytics:read",
            "notes:read", "notes:write", "assessments:read", "assessments:write", "points:write",
            "reports:read", "reports:write", "assignments:manage",
        }
    ),
    "staff": frozenset(),
    "admin": frozenset({"admin"}),
}  # fmt: skip
"""What a person's role lets them do (children spec E2); at each child the row level then decides."""

DESK_ROLES: Final[Mapping[str, str]] = {
    "viewer": "read",
    "operator": "write",
    "manager": "write",
    "admin": "admin",
}
"""The right that a role at a desk stands for; a manager has it at some sites or stations only."""

BREAK_GLASS: Final = frozenset(
    {"children:read", "sessions:read", "analytics:read", "notes:read", "assessments:read", "reports:read"}
)
"""What an emergency token may do (children spec E4.4)."""

INGEST: Final = frozenset({"sessions:write"})
"""What a token for a child's tablet may do (children spec E1)."""


def scopes_of(role: str, at_desks: Mapping[str, str]) -> frozenset[str]:
    """The scopes of a person with this role and these roles at desks (desk to role)."""
    return ROLES[role] | {f"{desk}:{DESK_ROLES[held]}" for desk, held in at_desks.items()}
