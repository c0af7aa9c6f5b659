"""Examples of who stands around a child, for OpenAPI."""

from typing import Any, Final

GUARDIAN_ASK: Final[dict[str, Any]] = {
    "email": "ana@example.org",
    "relation": "other",
    "access": "read_only",
}
GUARDIAN: Final[dict[str, Any]] = {
    "user_id": 32,
    "name": "Ana O'Neil",
    "relation": "other",
    "access": "read_only",
    "phone": None,
    "email": None,
    "created_at": "2026-10-02T09:00:00Z",
}
PRIMARY: Final[dict[str, Any]] = GUARDIAN | {"access": "primary"}
ASSIGNMENT_ASK: Final[dict[str, Any]] = {
    "professional_id": 41,
    "access_level": "comment",
    "ends_at": "2027-06-30T22:00:00Z",
    "reason": "Dental desensitisation over the school year.",
    "grant_consent": True,
}
ASSIGNMENT: Final[dict[str, Any]] = {
    "id": 5,
    "child_id": 7,
    "professional_id": 41,
    "professional_name": "Marta Weiss",
    "access_level": "comment",
    "status": "invited",
    "invited_by": 31,
    "invited_by_name": "Lucia O'Neil",
    "starts_at": "2026-10-02T09:10:00Z",
    "ends_at": "2027-06-30T22:00:00Z",
    "reason": ASSIGNMENT_ASK["reason"],
    "created_at": "2026-10-02T09:10:00Z",
    "version": 1,
}
ACTIVE: Final[dict[str, Any]] = ASSIGNMENT | {"status": "active", "version": 2}
CONSENT_ASK: Final[dict[str, Any]] = {"purpose": "analytics", "policy_version": "2026-01"}
CONSENT: Final[dict[str, Any]] = {
    "id": 12,
    "child_id": 7,
    "purpose": "analytics",
    "grantee_user_id": None,
    "granted_by": 31,
    "policy_version": "2026-01",
    "legal_basis": "consent",
    "granted_at": "2026-10-02T09:15:00Z",
    "withdrawn_at": None,
    "outdated": False,
}
WITHDRAWN: Final[dict[str, Any]] = CONSENT | {"withdrawn_at": "2026-10-20T18:00:00Z"}
