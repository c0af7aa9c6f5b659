"""What proves to a webhook's receiver that a delivery is ours: a secret per subscription, and a signature.

The secret is derived from the service's own keys and the subscription's id, so that it can sign without being
stored. It belongs to the key that was first when the subscription was made, found again by its SHA-256.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from service.core.settings import Settings


def new_secret(settings: Settings, subscription_id: UUID) -> str:
    """The secret of a subscription that is being made."""
    return _derived(_keys(settings)[0], subscription_id)


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret."""
    return sha256(secret.encode()).digest()


def secret_of(settings: Settings, subscription_id: UUID, stored: bytes) -> str | None:
    """The secret again; None when its key has left `MUSTER_SECRET_KEYS`."""
    guesses = (_derived(key, subscription_id) for key in _keys(settings))
    return next((guess for guess in guesses if hmac.compare_digest(fingerprint(guess), stored)), None)


def signature(secret: str, *, timestamp: int, delivery: str, name: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256, in hex, of `<timestamp>.<delivery>.<file name>.` followed by the body."""
    signed = f"{timestamp}.{delivery}.{name}.".encode() + body
    return "v1=" + hmac.digest(secret.encode(), signed, "sha256").hex()


def _derived(key: str, subscription_id: UUID) -> str:
    made = hmac.digest(key.encode(), b"muster.subscription\0" + subscription_id.bytes, "sha256")
    return "whs_" + urlsafe_b64encode(made).decode().rstrip("=")


def _keys(settings: Settings) -> Sequence[str]:
    return [key.get_secret_value() for key in settings.secret_keys]
