"""The channel `webhook`: a signed POST, to public addresses unless the settings say otherwise.

`Muster-Signature` is `v1=` and the HMAC-SHA256, in hex, with the subscription's secret, of
`<Muster-Timestamp>.<Muster-Delivery>.<file name>.` followed by the body. A delivery may come twice (an answer
that got lost); it then has the same `Muster-Delivery`.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from service.core.errors import UpstreamError, UpstreamRefused, UpstreamSilent
from service.core.outbound import (
    Answer,
    Call,
    Outbound,
    PrivateAddress,
    Unusable,
    read_plainly,
    require_public,
    statistics_of,
)
from service.core.retries import RetryPolicy
from service.core.settings import Settings
from service.reporting.subscriptions.parcel import Parcel, Undeliverable
from service.reporting.subscriptions.signing import secret_of, signature
from service.reporting.subscriptions.targets import problem_of

_ANSWER: Final = 64 * 1024
"""Bytes of an answer that are read; what it says is not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something to be posted and signed. `owner` is whose secret signs it: the subscription, the rule.

    `delivery` is the same for every attempt; `name` is the body's file name, which is signed with it.
    """

    target: str
    owner: UUID
    secret_hash: bytes | None
    delivery: str
    name: str
    media_type: str
    body: bytes
    headers: Mapping[str, str]


async def post(parcel: Parcel) -> str | None:
    """Send the file. 2xx is a receipt; redirects are refused, 5xx and silence tried again."""
    headers = {
        "Muster-Subscription": str(parcel.subscription),
        "Muster-Due": parcel.due_at.isoformat(),
        "Muster-Complete": "true" if parcel.written.complete else "false",
    }
    letter = Letter(
        target=parcel.target,
        owner=parcel.subscription,
        secret_hash=parcel.secret_hash,
        delivery=str(parcel.delivery),
        name=parcel.written.name,
        media_type=parcel.written.media_type,
        body=parcel.body(),
        headers=headers,
    )
    await post_signed(letter, parcel.settings)
    return None


async def post_signed(letter: Letter, settings: Settings) -> None:
    """Send a letter, as `post` does. Raises `Undeliverable`."""
    chosen = settings.delivery
    wrong = problem_of("webhook", letter.target, chosen)
    if wrong is not None:
        raise Undeliverable(wrong, again=False)
    call = _call(letter, settings)
    policy = RetryPolicy(attempts=chosen.retries + 1)
    try:
        if not chosen.private_targets:
            await _require_public(letter.target)
        async with Outbound(
            "webhook",
            chosen,
            policy=policy,
            public_only=not chosen.private_targets,
            statistics=statistics_of("webhook"),
        ) as outbound:
            await outbound.fetch(call, _receipt, max_bytes=_ANSWER)
    except UpstreamError as error:
        again = not isinstance(error, PrivateAddress | UpstreamRefused)
        raise Undeliverable(error.detail.replace("the upstream", "the webhook"), again=again) from error


def _call(letter: Letter, settings: Settings) -> Call:
    assert letter.secret_hash is not None
    secret = secret_of(settings, letter.owner, letter.secret_hash)
    if secret is None:
        raise Undeliverable(
            "the key that signs it has left MUSTER_SECRET_KEYS; make the subscription or rule anew",
            again=False,
            stop=True,
        )
    now = int(time.time())
    signed = signature(secret, timestamp=now, delivery=letter.delivery, name=letter.name, body=letter.body)
    headers = {
        "Content-Type": letter.media_type,
        "Content-Disposition": f'attachment; filename="{letter.name}"',
        **letter.headers,
        "Muster-Delivery": letter.delivery,
        "Muster-Timestamp": str(now),
        "Muster-Signature": signed,
    }
    return Call(letter.target, headers=headers, method="POST", content=letter.body)


async def _require_public(target: str) -> None:
    url = urlsplit(target)
    await require_public(url.hostname or "", url.port or (443 if url.scheme == "https" else 80))


def _receipt(answer: Answer) -> Answer:
    """As the platform reads answers; a receiver that fails (500) may also recover."""
    if answer.status == 500:
        silent = UpstreamSilent("the upstream answered 500", code="upstream_500")
        raise Unusable(silent, retry=True, kind="status_500")
    return read_plainly(answer)
