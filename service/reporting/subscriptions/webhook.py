"""The channel `webhook`: the file as a signed POST, to public addresses unless the settings say otherwise.

`Muster-Signature` is `v1=` and the HMAC-SHA256, in hex, with the subscription's secret, of
`<Muster-Timestamp>.<Muster-Delivery>.<file name>.` followed by the body. A delivery may come twice (an answer
that got lost); it then has the same `Muster-Delivery`.
"""

import time
from typing import Final
from urllib.parse import urlsplit

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
from service.reporting.subscriptions.parcel import Parcel, Undeliverable
from service.reporting.subscriptions.signing import secret_of, signature
from service.reporting.subscriptions.targets import problem_of

_ANSWER: Final = 64 * 1024
"""Bytes of an answer that are read; what it says is not used."""


async def post(parcel: Parcel) -> str | None:
    """Send the file. 2xx is a receipt; redirects are refused, 5xx and silence tried again."""
    chosen = parcel.settings.delivery
    wrong = problem_of("webhook", parcel.target, chosen)
    if wrong is not None:
        raise Undeliverable(wrong, again=False)
    call = _call(parcel)
    policy = RetryPolicy(attempts=chosen.retries + 1)
    try:
        if not chosen.private_targets:
            await _require_public(parcel.target)
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
    return None


def _call(parcel: Parcel) -> Call:
    assert parcel.secret_hash is not None
    secret = secret_of(parcel.settings, parcel.subscription, parcel.secret_hash)
    if secret is None:
        raise Undeliverable(
            "the key that signs it has left MUSTER_SECRET_KEYS; make the subscription anew",
            again=False,
            stop=True,
        )
    body, name, now = parcel.body(), parcel.written.name, int(time.time())
    delivery = str(parcel.delivery)
    headers = {
        "Content-Type": parcel.written.media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Muster-Subscription": str(parcel.subscription),
        "Muster-Delivery": delivery,
        "Muster-Due": parcel.due_at.isoformat(),
        "Muster-Complete": "true" if parcel.written.complete else "false",
        "Muster-Timestamp": str(now),
        "Muster-Signature": signature(secret, timestamp=now, delivery=delivery, name=name, body=body),
    }
    return Call(parcel.target, headers=headers, method="POST", content=body)


async def _require_public(target: str) -> None:
    url = urlsplit(target)
    await require_public(url.hostname or "", url.port or (443 if url.scheme == "https" else 80))


def _receipt(answer: Answer) -> Answer:
    """As the platform reads answers; a receiver that fails (500) may also recover."""
    if answer.status == 500:
        silent = UpstreamSilent("the upstream answered 500", code="upstream_500")
        raise Unusable(silent, retry=True, kind="status_500")
    return read_plainly(answer)
