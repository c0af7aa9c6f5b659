"""How a store is doing."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Standing:
    """A store as it is now; counts are of this process since its start.

    `well`: whether it is used. `reason` and `advice` are sentences without secrets. `found` and `missing`
    count what was asked of a shared store, `dropped` what was not written (too large, too much at once, or it
    was away), `failures` the questions it did not answer in time, `refused` the values that were not ours.
    """

    kind: Literal["memory", "redis"]
    well: bool = True
    address: str | None = None
    reason: str | None = None
    advice: str | None = None
    found: int = 0
    missing: int = 0
    written: int = 0
    dropped: int = 0
    failures: int = 0
    refused: int = 0
    used_bytes: int | None = None
    max_bytes: int | None = None
