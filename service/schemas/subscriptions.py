"""Scheduled reports on the wire: what is delivered when and where to, and what became of each delivery."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas.asked import Word, usable
from service.schemas.envelope import Instant, PageAsk, Wire
from service.schemas.exports import Delimiter, Durations, ExportAsk, Locale

Channel = Literal["folder", "webhook", "email"]
SubscriptionState = Literal["active", "paused", "ended"]
DeliveryState = Literal["running", "waiting", "delivered", "logged", "failed", "skipped"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # OSError: a folder of zones
        raise PydanticCustomError("unknown_zone", "give an IANA zone such as Europe/London") from None
    return name


Zone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_zone)]


class SubscriptionAsk(ExportAsk):
    """Deliver a report whenever it is due. Parameters that are left out are resolved at each delivery."""

    report: Word = Field(description="Name of the report.")
    cron: str = Field(
        max_length=100, description="Minute, hour, day of month, month, day of week, such as `0 7 1 * *`."
    )
    timezone: Zone = Field(description="IANA zone of the clock that `cron` is read on.")
    channel: Channel
    target: Annotated[str, Field(max_length=2000), AfterValidator(usable)] = Field(
        "", description="Folder below the service's own (may be empty), URL of a webhook, or e-mail address."
    )


class SubscriptionsAsk(PageAsk):
    """Where in the list of subscriptions."""


class DeliveriesAsk(PageAsk):
    """Where in the list of deliveries."""


class Subscription(Wire):
    """A report that is delivered on a schedule."""

    id: str
    desk: str
    report: str
    params: dict[str, Any]
    format: str
    locale: Locale
    delimiter: Delimiter
    bom: bool
    durations: Durations
    cron: str
    timezone: str
    channel: Channel
    target: str
    sites: list[str] | None = Field(None, description="The sites its owner was limited to; null: everywhere.")
    state: SubscriptionState
    detail: str | None = Field(None, description="Why it is paused, or what failed last.")
    failures: int = Field(description="Failed deliveries in a row; after 5 it is paused.")
    created_by: str
    created_at: Instant
    next_at: Instant | None = Field(None, description="When it is due next; null: it is not active.")
    last_run: str | None = Field(None, description="The run that carried its last delivery.")


class NewSubscription(Subscription):
    """A subscription as it is answered when it is made."""

    secret: str | None = Field(
        None, description="What signs its webhooks, shown this once: HMAC-SHA256, see `Muster-Signature`."
    )


class Delivery(Wire):
    """One instant at which a subscription was due.

    `logged`: no mail server is set up, so it was only written to the log; `skipped`: the service was down and
    a later one stands for it, or the subscription stopped.
    """

    id: str
    due_at: Instant
    state: DeliveryState
    attempts: int
    run: str | None = None
    detail: str | None = None
    file_name: str | None = None
    size_bytes: int | None = None
    complete: bool | None = Field(None, description="Whether the report was complete.")
    retry_at: Instant | None = None
    finished_at: Instant | None = None
