"""The mails of access, in the person's language: verify an address, set a password, accept an invitation."""

from collections.abc import Mapping
from typing import Final, Literal

from service.core.mail import MailNotSent, letter, mailer
from service.core.settings import Settings
from service.core.telemetry import get_logger, happened

log = get_logger("service.access")

Occasion = Literal["verify_email", "reset_password", "invitation", "known_already"]
_PAGES: Final[Mapping[Occasion, str]] = {
    "verify_email": "/sign-in/verify",
    "reset_password": "/sign-in/password",
    "known_already": "/sign-in/password",
    "invitation": "/sign-in/invitation",
}
_TEXTS: Final[Mapping[str, Mapping[Occasion, tuple[str, str]]]] = {
    "en": {
        "verify_email": (
            "Confirm your e-mail address",
            "Somebody, probably you, registered with this address. To confirm that it is yours, open this page "
            "within 24 hours:\n\n{link}\n\nIf it was not you, do nothing: without it the account stays closed.",
        ),
        "reset_password": (
            "Set a new password",
            "Somebody, probably you, asked for a new password. To set one, open this page within an hour:\n\n"
            "{link}\n\nIf it was not you, do nothing: your password stays as it is.",
        ),
        "known_already": (
            "You have an account already",
            "Somebody, probably you, tried to register with this address, which has an account already. If you "
            "do not know its password, set a new one within an hour:\n\n{link}\n\nIf it was not you, do nothing.",
        ),
        "invitation": (
            "You are invited",
            "You are invited to Muster. To choose a password and begin, open this page:\n\n{link}\n\n"
            "It works once. If you did not expect this, do nothing.",
        ),
    },
    "es": {
        "verify_email": (
            "Confirme su dirección de correo",
            "Alguien, probablemente usted, se registró con esta dirección. Para confirmar que es suya, abra esta "
            "página en las próximas 24 horas:\n\n{link}\n\nSi no fue usted, no haga nada: sin ello la cuenta "
            "sigue cerrada.",
        ),
        "reset_password": (
            "Establezca una contraseña nueva",
            "Alguien, probablemente usted, pidió una contraseña nueva. Para establecerla, abra esta página en la "
            "próxima hora:\n\n{link}\n\nSi no fue usted, no haga nada: su contraseña sigue igual.",
        ),
        "known_already": (
            "Ya tiene una cuenta",
            "Alguien, probablemente usted, intentó registrarse con esta dirección, que ya tiene una cuenta. Si no "
            "conoce su contraseña, establezca una nueva en la próxima hora:\n\n{link}\n\nSi no fue usted, no haga "
            "nada.",
        ),
        "invitation": (
            "Tiene una invitación",
            "Tiene una invitación a Muster. Para elegir una contraseña y empezar, abra esta página:\n\n{link}\n\n"
            "Funciona una sola vez. Si no la esperaba, no haga nada.",
        ),
    },
}


def link(settings: Settings, occasion: Occasion, token: str) -> str:
    """The page of an occasion. Its host comes from the settings, never from a request."""
    if settings.public_url is not None:
        base = str(settings.public_url).rstrip("/")
    else:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        base = f"http://{host}:{settings.port}"
    return f"{base}{_PAGES[occasion]}?token={token}"


async def write_to(settings: Settings, email: str, language: str, occasion: Occasion, token: str) -> bool:
    """Send one mail; whether it was taken. A failure is a line in the log, without address and token."""
    subject, text = _TEXTS.get(language, _TEXTS["en"])[occasion]
    body = text.format(link=link(settings, occasion, token)) + "\n"
    try:
        await mailer(settings).send(letter(settings.delivery.sender, email, subject, body))
    except MailNotSent as error:
        happened("letter", "failed")
        log.warning("a letter was not sent", occasion=occasion, error=str(error))
        return False
    happened("letter", "sent")
    return True
