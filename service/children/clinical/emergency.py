"""An admin reads one child in an emergency: for an hour, with a reason, the guardian told (spec E4.4)."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from service.access import audit
from service.access.access_tokens import Claims, mint
from service.children.clinical.held import person_of
from service.children.door import Hidden
from service.children.queries import emergencies
from service.core.auth import Caller
from service.core.database import Database, WriteConnection
from service.core.mail import MailNotSent, letter, mailer
from service.core.settings import Settings
from service.core.telemetry import get_logger
from service.schemas.children.emergency import BreakGlassOpened

OPENED: Final = "breakglass.open"
LIFETIME: Final = timedelta(minutes=60)
_LETTERS: Final = Path(__file__).parent.parent / "pages" / "letters"
_LANGUAGES: Final = ("en", "es")
log = get_logger("service.children")


async def open_record(conn: WriteConnection, caller: Caller, child_id: int, reason: str) -> BreakGlassOpened:
    """Open it, with the reason in the audit where guardians read it. Raises `Hidden` where there is none."""
    made = await emergencies.insert_grant(conn, child_id, person_of(caller), reason, LIFETIME)
    if made is None:
        raise Hidden(caller, OPENED, child_id, exists=False)
    await audit.record(conn, caller, OPENED, f"child:{child_id}", child_id=child_id, purpose=reason)
    seconds = int(LIFETIME.total_seconds())
    return BreakGlassOpened(id=made.id, child_id=child_id, expires_at=made.expires_at, expires_in=seconds)


def token_of(settings: Settings, caller: Caller, opened: BreakGlassOpened) -> str:
    """The access token of a grant: bound to the child, for reading alone; over with grant or sign-in."""
    assert caller.token_version is not None  # `person_of` has let nobody pass who did not sign in
    claims = Claims(
        person=person_of(caller),
        version=caller.token_version,
        family=caller.family,
        bound=frozenset({opened.child_id}),
        break_glass=opened.id,
    )
    return mint([key.get_secret_value() for key in settings.secret_keys], claims, LIFETIME)


async def tell_guardian(database: Database, settings: Settings, opened: BreakGlassOpened) -> bool:
    """Write to the primary guardian; whether the mail was taken. It names neither child nor reason."""
    async with database.read() as conn:
        guardian = await emergencies.select_primary(conn, opened.child_id)
    if guardian is None:
        return False
    subject, body = _words(guardian.language, opened.expires_at, guardian.timezone)
    try:
        await mailer(settings).send(letter(settings.delivery.sender, guardian.email, subject, body))
    except MailNotSent as failure:
        log.error("a guardian could not be told of an emergency", grant=str(opened.id), error=str(failure))
        return False
    return True


def _words(language: str, until: datetime, zone: str) -> tuple[str, str]:
    chosen = language if language in _LANGUAGES else _LANGUAGES[0]
    written = (_LETTERS / f"break_glass.{chosen}.txt").read_text(encoding="utf-8")
    subject, _, text = written.partition("\n\n")
    return subject, text.format(until=f"{until.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})")
