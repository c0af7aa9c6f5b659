"""What OpenAPI shows of accounts and sign-ins: nobody's data, nobody's secret."""

from typing import Any, Final

SECRET: Final = "EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXA"  # noqa: S105  no secret of anybody
EMAIL: Final = "maria@example.org"
NEW_PASSWORD: Final = "a long sentence is easy to keep"  # noqa: S105  of nobody
TOKENS: Final[dict[str, Any]] = {
    "access_token": "eyJhbGciOi….eyJpc3MiOi….EXAMPLE",
    "refresh_token": SECRET,
    "token_type": "bearer",
    "expires_in": 900,
    "scope": "children:read sessions:read",
}
REGISTER: Final[dict[str, Any]] = {
    "email": EMAIL,
    "password": NEW_PASSWORD,
    "first_name": "María-José",
    "last_name": "O'Neil",
    "role": "parent",
    "timezone": "Europe/Rome",
    "language": "es",
}
ACCEPTED: Final = {"detail": "if this address can be used, a mail is on its way to it"}
RESET: Final = {"token": SECRET, "new_password": NEW_PASSWORD}
CHANGE: Final = {"current_password": "the one of before 1", "new_password": NEW_PASSWORD}
ACCEPT: Final = {"token": SECRET, "password": NEW_PASSWORD}
PROFILE: Final[dict[str, Any]] = {
    "email": EMAIL,
    "email_verified": True,
    "first_name": "María-José",
    "last_name": "O'Neil",
    "phone": "+39 02 1234567",
    "timezone": "Europe/Rome",
    "language": "es",
    "last_login_at": "2026-11-20T07:01:00Z",
    "version": 3,
}
ME: Final[dict[str, Any]] = {
    "id": "person:17",
    "name": "María-José O'Neil",
    "kind": "token",
    "role": "parent",
    "scopes": ["children:read", "sessions:read"],
    "sites": None,
    "profile": PROFILE,
}
PRACTICE_ASK: Final[dict[str, Any]] = {
    "license_type": "BCBA",
    "license_number": "1-20-12345",
    "license_state": "CA",
    "license_expiry": "2030-06-30",
    "primary_specialty": "Behaviour analysis",
    "preferred_age_groups": ["preschool", "elementary"],
    "languages_spoken": ["English", "Español"],
    "available_days": ["monday", "thursday"],
    "available_hours": {"monday": {"from": "09:00", "to": "13:00"}},
    "experience_years": 9,
    "asd_experience_years": 6,
    "clinic_name": "Practice by the Park",
    "location": "Oakland",
}
PRACTICE: Final[dict[str, Any]] = {
    **PRACTICE_ASK,
    "is_verified": True,
    "verified_at": "2026-11-02T09:15:00Z",
    "version": 2,
}
