"""The tables of access, in the PostgreSQL schema `muster`: people, their tokens, keys and the audit."""

from service.access.models.audit import Audit
from service.access.models.keys import ApiKey, BrowserSession, SignInLink
from service.access.models.people import AuthUser, DeskRole, OneTimeToken, ProfessionalProfile, RefreshToken

__all__ = [
    "ApiKey",
    "Audit",
    "AuthUser",
    "BrowserSession",
    "DeskRole",
    "OneTimeToken",
    "ProfessionalProfile",
    "RefreshToken",
    "SignInLink",
]
