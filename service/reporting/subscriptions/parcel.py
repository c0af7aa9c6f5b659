"""What a channel is given, and how it says that it could not deliver."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from service.core.settings import Settings
from service.reporting.exports import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One report on its way; `file` stands at its beginning and has `size` bytes."""

    subscription: UUID
    delivery: UUID
    target: str
    secret_hash: bytes | None
    title: str
    due_at: datetime
    written: Written
    file: IO[bytes]
    size: int
    settings: Settings

    def body(self) -> bytes:
        """All of it, for channels that need it at once. Raises `Undeliverable` beyond the bound."""
        most = self.settings.delivery.max_bytes
        if self.size > most:
            raise Undeliverable(
                f"the file has {self.size} bytes and at most {most} are sent this way; "
                "ask for fewer rows, or have it delivered into a folder",
                again=False,
            )
        self.file.seek(0)
        return self.file.read()


class Undeliverable(Exception):
    """A delivery failed. `again`: a further attempt may help; `stop`: no later delivery can succeed."""

    def __init__(self, detail: str, *, again: bool, stop: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.again = again
        self.stop = stop
