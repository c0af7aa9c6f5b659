"""The channel `email`: a port with two sides, a mail server and, where none is set up, the log."""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from service.core.settings import DeliverySettings
from service.core.telemetry import get_logger
from service.reporting.subscriptions.parcel import Parcel, Undeliverable

log = get_logger(__name__)


class Mailer(Protocol):
    """Sends one message."""

    async def send(self, message: EmailMessage) -> str | None:
        """Send it; a sentence where it was not really sent. Raises `Undeliverable`."""


async def send(parcel: Parcel) -> str | None:
    """Send the file as an attachment; what was not sent but only logged is said."""
    return await mailer(parcel.settings.delivery).send(message_of(parcel))


def mailer(settings: DeliverySettings) -> Mailer:
    """The side of the port that the settings choose."""
    return Logged() if settings.smtp_url is None else Smtp(settings)


def message_of(parcel: Parcel) -> EmailMessage:
    """Subject with the file's name (which says `incomplete`), a few lines, the file."""
    written, chosen = parcel.written, parcel.settings.delivery
    message = EmailMessage()
    message["Subject"] = f"{parcel.title}: {written.name}"
    message["From"], message["To"] = chosen.sender, parcel.target
    message["Date"] = format_datetime(parcel.due_at)
    message["Message-ID"] = make_msgid(str(parcel.delivery), chosen.sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    lines = [parcel.title, written.name, f"due {parcel.due_at.isoformat()}, {written.rows} rows"]
    if not written.complete:
        lines += ["", "This report is incomplete:", *(f"- {reason}" for reason in written.reasons[:20])]
    message.set_content("\n".join(lines) + "\n")
    kind, _, subtype = written.media_type.partition(";")[0].partition("/")
    message.add_attachment(parcel.body(), maintype=kind, subtype=subtype, filename=written.name)
    return message


class Logged:
    """For development: a line in the log instead of a mail, without address and content."""

    async def send(self, message: EmailMessage) -> str | None:
        """Log it."""
        log.info("mail_not_sent", subject=message["Subject"], bytes=len(message.as_bytes()))
        return "written to the log only; an admin sets MUSTER_DELIVERY__SMTP_URL"


class Smtp:
    """A mail server; the password is sent over TLS only."""

    def __init__(self, settings: DeliverySettings) -> None:
        self.settings = settings

    async def send(self, message: EmailMessage) -> str | None:
        """Send it in a thread. An address that the server refuses for good is not tried again."""
        try:
            await asyncio.to_thread(self._send, message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise Undeliverable(f"the mail server refuses this address ({code})", again=code < 500) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Undeliverable(f"the mail server did not take it ({_told(error)})", again=True) from error
        return None

    async def check(self) -> None:
        """Go as far as the password and send nothing. Raises `Undeliverable`."""
        try:
            await asyncio.to_thread(self._check)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Undeliverable(f"the mail server does not let us in ({_told(error)})", again=True) from error

    def _check(self) -> None:
        with self._signed_in() as server:
            server.noop()

    def _send(self, message: EmailMessage) -> None:
        with self._signed_in() as server:
            server.send_message(message)

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        assert self.settings.smtp_url is not None
        url = urlsplit(self.settings.smtp_url.get_secret_value())
        with self._connected(url) as server:
            if url.scheme == "smtp":
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=ssl.create_default_context())
            if url.username is not None:
                if not isinstance(server.sock, ssl.SSLSocket):
                    raise smtplib.SMTPNotSupportedError("no TLS")
                server.login(unquote(url.username), unquote(url.password or ""))
            yield server

    def _connected(self, url: SplitResult) -> smtplib.SMTP:
        host, seconds = url.hostname or "", self.settings.total_timeout
        if url.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, url.port or 465, timeout=seconds, context=ssl.create_default_context()
            )
        return smtplib.SMTP(host, url.port or 587, timeout=seconds)


def _told(error: Exception) -> str:
    known = getattr(error, "smtp_code", None)  # its words may repeat what was sent
    return type(error).__name__ + ("" if known is None else f", {known}")
