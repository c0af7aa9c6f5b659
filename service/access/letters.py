"""The mails of access, in the person's language: verify an address, set a password, accept an invitation."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from service.core.mail import MailNotSent, letter, mailer
from service.core.settings import Settings
from service.core.telemetry import get_logger, happened
from service.schemas.people import Language

log = get_logger("service.access")

LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
_FOLDER: Final = Path(__file__).parent / "pages" / "letters"

Occasion = Literal["verify_email", "reset_password", "invitation", "known_already"]
_PAGES: Final[Mapping[Occasion, str]] = {
    "verify_email": "/sign-in/verify",
    "reset_password": "/sign-in/password",
    "known_already": "/sign-in/password",
    "invitation": "/sign-in/invitation",
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
    subject, text = _text(occasion, language)
    body = text.format(link=link(settings, occasion, token))
    try:
        await mailer(settings).send(letter(settings.delivery.sender, email, subject, body))
    except MailNotSent as error:
        happened("letter", "failed")
        log.warning("a letter was not sent", occasion=occasion, error=str(error))
        return False
    happened("letter", "sent")
    return True


@cache
def _text(occasion: Occasion, language: str) -> tuple[str, str]:
    """Subject and text; in English where a language is not ours."""
    file = _FOLDER / f"{occasion}.{language if language in LANGUAGES else LANGUAGES[0]}.txt"
    subject, _, text = file.read_text(encoding="utf-8").partition("\n\n")
    return subject, text
