"""The channel `email`: a report as an attachment; where no mail server is set up, a line in the log."""

from email.message import EmailMessage

from service.core.mail import MailNotSent, Smtp, letter
from service.core.settings import DeliverySettings
from service.core.telemetry import get_logger
from service.reporting.subscriptions.parcel import Parcel, Undeliverable

log = get_logger(__name__)


async def send(parcel: Parcel) -> str | None:
    """Send the file as an attachment; what was not sent but only logged is said."""
    return await post(parcel.settings.delivery, message_of(parcel))


async def post(settings: DeliverySettings, message: EmailMessage) -> str | None:
    """Send a message; a sentence where it was only logged, without address and content.

    Raises `Undeliverable`.
    """
    if settings.smtp_url is None:
        log.info("mail_not_sent", subject=message["Subject"], bytes=len(message.as_bytes()))
        return "written to the log only; an admin sets MUSTER_DELIVERY__SMTP_URL"
    try:
        await Smtp(settings).send(message)
    except MailNotSent as error:
        raise Undeliverable(str(error), again=error.again) from error
    return None


def message_of(parcel: Parcel) -> EmailMessage:
    """Subject with the file's name (which says `incomplete`), a few lines, the file."""
    written, chosen = parcel.written, parcel.settings.delivery
    lines = [parcel.title, written.name, f"due {parcel.due_at.isoformat()}, {written.rows} rows"]
    if not written.complete:
        lines += ["", "This report is incomplete:", *(f"- {reason}" for reason in written.reasons[:20])]
    message = letter(
        chosen.sender,
        parcel.target,
        f"{parcel.title}: {written.name}",
        "\n".join(lines) + "\n",
        at=parcel.due_at,
        number=str(parcel.delivery),
    )
    kind, _, subtype = written.media_type.partition(";")[0].partition("/")
    message.add_attachment(parcel.body(), maintype=kind, subtype=subtype, filename=written.name)
    return message
