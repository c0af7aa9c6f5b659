"""How following Gartan can fail, each with one code that runs, days, events and metrics share."""

from service.core.errors import (
    Locked,
    ServiceError,
    Unavailable,
    UpstreamError,
    UpstreamGarbled,
    UpstreamRefused,
    UpstreamSilent,
)


class BadCredentials(UpstreamRefused):
    """The login page said that user and password are wrong: the one failure that locks (spec D.4)."""

    code = "bad_credentials"


class NotSignedIn(UpstreamError):
    """Signing in did not work for another reason: `login_form_missing`, `access_denied`, `not_signed_in`."""

    code = "not_signed_in"


class AuthLocked(Locked):
    """These credentials were refused: nobody signs in until they change or an operator unlocks."""

    code = "auth_locked"


class LoginPaused(Unavailable):
    """Signing in failed in passing: the next attempt is later, so that an outage is no storm of logins."""

    code = "login_paused"


def code_of(error: ServiceError) -> str:
    """One word for what went wrong.

    `network`: no answer, or one of passing trouble; `garbled`: a broken one; `refused`: a final no.
    """
    if isinstance(error, UpstreamSilent):
        return "network"
    if isinstance(error, UpstreamGarbled):
        return "garbled"
    if isinstance(error, UpstreamRefused) and not isinstance(error, BadCredentials):
        return "refused"
    return error.code
