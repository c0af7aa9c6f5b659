"""Mail: a port with two sides, a mail server and, where none is set up, files in a folder."""

import asyncio
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from secrets import token_hex
from typing import Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from service.core.settings import DeliverySettings, Settings
from service.core.telemetry import get_logger

OUTBOX: Final = "outbox"
log = get_logger(__name__)


class MailNotSent(Exception):
    """A message was not taken; `again`: it may be tried once more. Its words hold no address."""

    def __init__(self, detail: str, *, again: bool) -> None:
        super().__init__(detail)
        self.again = again


class Mailer(Protocol):
    """Sends one message."""

    async def send(self, message: EmailMessage) -> None:
        """Send it. Raises `MailNotSent`."""


def mailer(settings: Settings) -> Mailer:
    """The side of the port that the settings choose."""
    if settings.delivery.smtp_url is None:
        return Outbox(settings.home / OUTBOX)
    return Smtp(settings.delivery)


def letter(
    sender: str, to: str, subject: str, text: str, *, at: datetime | None = None, number: str | None = None
) -> EmailMessage:
    """A message written by this service, dated `at` (default now), with `number` in its id."""
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"], message["To"] = sender, to
    message["Date"] = format_datetime(at or datetime.now(UTC))
    message["Message-ID"] = make_msgid(number, sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


class Outbox:
    """For development: a file for each message, and a line in the log that names it and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write it, readable by the owner only: it may hold a token."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{token_hex(6)}.eml"
        try:
            await asyncio.to_thread(self._write, name, _readable(message))
        except OSError as error:
            raise MailNotSent(f"the outbox cannot be written to ({_told(error)})", again=True) from error
        log.info("mail_in_outbox", file=str(self.folder / name))

    def _write(self, name: str, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)


class Smtp:
    """A mail server; the password is sent over TLS only."""

    def __init__(self, settings: DeliverySettings) -> None:
        self.settings = settings

    async def send(self, message: EmailMessage) -> None:
        """Send it in a thread. An address that the server refuses for good is not to be tried again."""
        try:
            await asyncio.to_thread(self._send, message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise MailNotSent(f"the mail server refuses this address ({code})", again=code < 500) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise MailNotSent(f"the mail server did not take it ({_told(error)})", again=True) from error

    async def check(self) -> None:
        """Go as far as the password and send nothing. Raises `MailNotSent`."""
        try:
            await asyncio.to_thread(self._check)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise MailNotSent(f"the mail server does not let us in ({_told(error)})", again=True) from error

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


def _readable(message: EmailMessage) -> bytes:
    """The message with its text as it is, so that a link can be copied out of the file in one piece."""
    copy = deepcopy(message)
    body = copy.get_body(("plain",))
    if isinstance(body, EmailMessage):
        body.set_content(body.get_content(), cte="8bit")
    return copy.as_bytes()


def _told(error: Exception) -> str:
    known = getattr(error, "smtp_code", None)  # its words may repeat what was sent
    return type(error).__name__ + ("" if known is None else f", {known}")
