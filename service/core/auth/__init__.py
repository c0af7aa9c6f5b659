"""Who is asking: what a Caller is, what it may do, and the gate in front of every route.

Everything is closed by default: a request without a valid credential passes only to the open paths. The room
`access` fills the port `Authenticator`; nothing here knows a database.
"""

from service.core.auth.caller import SYSTEM, Audited, Caller, SiteNotAllowed, not_signed_in
from service.core.auth.gate import (
    OPEN_PATHS,
    OPEN_PREFIXES,
    Authentication,
    Authenticator,
    Credential,
    client_address,
    require_same_origin,
)
from service.core.auth.needs import Needs, needs, needs_one
from service.core.auth.scopes import ADMIN, CLINICAL, SCOPES, grants, unknown_scopes

__all__ = [
    "ADMIN",
    "CLINICAL",
    "OPEN_PATHS",
    "OPEN_PREFIXES",
    "SCOPES",
    "SYSTEM",
    "Audited",
    "Authentication",
    "Authenticator",
    "Caller",
    "Credential",
    "Needs",
    "SiteNotAllowed",
    "client_address",
    "grants",
    "needs",
    "needs_one",
    "not_signed_in",
    "require_same_origin",
    "unknown_scopes",
]
