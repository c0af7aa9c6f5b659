"""What a route says it needs: a caller with these scopes."""

from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from service.core.auth.caller import Caller, not_signed_in
from service.core.auth.scopes import unknown_scopes


class Needs(SecurityBase):
    """Dependency that gives the Caller, or refuses: 401 without one, 403 without every one of `scopes`."""

    scheme_name = "key"

    def __init__(self, *scopes: str) -> None:
        for word, near in unknown_scopes(scopes).items():
            raise ValueError(f"{word!r} is not a scope; near: {near}")
        self.scopes = scopes
        self.model = HTTPBearer(description="An API key `mst_…`; browsers may use the cookie of /sign-in.")

    async def __call__(self, request: Request) -> Caller:
        """The caller of this request."""
        caller = request.scope.get("state", {}).get("caller")
        if not isinstance(caller, Caller):
            raise not_signed_in()
        caller.require(*self.scopes)
        return caller


class NeedsOne(Needs):
    """The same where one of `scopes` is enough; the first is what a refusal names."""

    async def __call__(self, request: Request) -> Caller:
        """The caller of this request."""
        caller = await needs()(request)
        if not any(caller.may(scope) for scope in self.scopes):
            caller.require(self.scopes[0])
        return caller


def needs_one(*scopes: str) -> Needs:
    """A FastAPI dependency for a route that answers each of these scopes in its own way."""
    return NeedsOne(*scopes)


def needs(*scopes: str) -> Needs:
    """A FastAPI dependency, `Depends(needs("attendance:read"))`; without scopes any known caller passes."""
    return Needs(*scopes)
