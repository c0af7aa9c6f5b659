"""What lies encrypted in the database: AES-256-GCM, with the key's name in front (children spec E7).

The first of the secret keys seals, all open, so a key is replaced without downtime; what it sealed has to be
sealed anew before it is withdrawn. What is sealed is bound to the place it belongs to: moved into another row
it does not open.
"""

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.core.settings import Settings

_NONCE: Final = 12
_NAME: Final = 4


class NotOpened(Exception):
    """No key of ours opens it: it is damaged, of another place, or its key has been withdrawn."""


class Sealer:
    """Seals and opens texts with the service's secret keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("sealing needs at least one secret key")
        derived = [sha256(b"muster sealing " + key.encode()).digest() for key in keys]
        self._ciphers = {sha256(b"name " + key).digest()[:_NAME]: AESGCM(key) for key in derived}
        self._first = next(iter(self._ciphers))

    @classmethod
    def of(cls, settings: Settings) -> "Sealer":
        """The sealer of a process."""
        return cls([key.get_secret_value() for key in settings.secret_keys])

    @property
    def name(self) -> bytes:
        """What all that is sealed now begins with; what begins otherwise an older key sealed."""
        return self._first

    def seal(self, text: str, place: str) -> bytes:
        """The text, encrypted for a place (such as `child:7/phone`)."""
        return self.seal_bytes(text.encode(), place)

    def seal_bytes(self, content: bytes, place: str) -> bytes:
        """The same for bytes: a piece of a file, whose place has its number."""
        nonce = os.urandom(_NONCE)
        cipher = self._ciphers[self._first]
        return self._first + nonce + cipher.encrypt(nonce, content, place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text. Raises `NotOpened`."""
        try:
            return self.open_bytes(sealed, place).decode()
        except UnicodeDecodeError:
            raise NotOpened("this was sealed as something else than a text") from None

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The bytes. Raises `NotOpened`."""
        cipher = self._ciphers.get(sealed[:_NAME])
        if cipher is None:
            raise NotOpened("the key this was sealed with is not among the secret keys")
        nonce, body = sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
        try:
            return cipher.decrypt(nonce, body, place.encode())
        except (InvalidTag, ValueError):
            raise NotOpened("this was changed, or sealed for another place") from None
