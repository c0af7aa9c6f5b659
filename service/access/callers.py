"""Rows and claims turned into callers: what a key, a session or a token stands for at this moment."""

from typing import Any, Literal

from service.access.access_tokens import Claims
from service.access.roles import BREAK_GLASS, INGEST, scopes_of
from service.core.auth import Caller, not_signed_in
from service.core.errors import NotAllowed

Kind = Literal["key", "session", "token"]


def caller_of_key(kind: Literal["key", "session"], row: Any) -> Caller:
    """The caller of a row of `queries.select_bearer`."""
    return Caller(
        id=f"key:{row.id}",
        name=row.name,
        kind=kind,
        scopes=frozenset(row.scopes),
        sites=None if row.sites is None else frozenset(row.sites),
        person=row.owner_id,
        bound=None if row.child_ids is None else frozenset(row.child_ids),
    )


def caller_of_person(kind: Literal["session", "token"], row: Any, claims: Claims) -> Caller:
    """The caller of a row of `queries.select_person`, within what its token asked for.

    Raises `NotAuthenticated` when the token was ended (signed out everywhere, password changed, suspended)
    and `NotAllowed` (`email_unverified`, `account_inactive`) for an account that may not act.
    """
    if row is None or row.token_version != claims.version or row.signed_out:
        raise not_signed_in("this access token has been ended; sign in again")
    if row.status == "pending":
        raise NotAllowed("the e-mail address has not been verified yet", code="email_unverified")
    if row.status != "active" or not row.is_active:
        raise NotAllowed("this account is not active", code="account_inactive")
    at_desks = {desk: role for desk, (role, _) in row.desks.items()}
    places = row.desks.get("attendance", [None, None])[1]
    return Caller(
        id=f"person:{row.id}",
        name=row.name,
        kind=kind,
        scopes=_within(scopes_of(row.role, at_desks), claims),
        sites=None if places is None else frozenset(places),
        person=row.id,
        role=row.role,
        bound=claims.bound,
        break_glass=claims.break_glass,
        signed_in_at=claims.signed_in_at,
        token_version=claims.version,
        family=claims.family,
    )


def is_still(caller: Caller, row: Any) -> bool:
    """Whether a person who asked before may still do all that they could do by what they showed then."""
    if row is None:
        return False
    claims = Claims(
        person=row.id,
        version=row.token_version,
        scopes=caller.scopes,
        bound=caller.bound,
        break_glass=caller.break_glass,
    )
    try:
        return caller_of_person("token", row, claims).visibility == caller.visibility
    except NotAllowed:
        return False


def claims_of_session(row: Any) -> Claims:
    """What a session of a person stands for, of a row of `queries.select_session`."""
    return Claims(person=row.user_id, version=row.token_version, signed_in_at=row.signed_in_at)


def _within(held: frozenset[str], claims: Claims) -> frozenset[str]:
    """The scopes of a token: a subset of what its person holds; the special tokens have their own."""
    if claims.break_glass is not None:
        return BREAK_GLASS if "admin" in held else frozenset()
    if claims.audience == "ingest":
        return held & INGEST
    if claims.scopes is None:
        return held
    holder = Caller("", "", "token", held)
    return frozenset(scope for scope in claims.scopes if holder.may(scope))
