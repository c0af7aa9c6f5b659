"""Who has which optimisation: settings and changes at run time, worked out before anybody asks."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from service.core.flags.acting import Acted, Optimization, Source, Tally
from service.core.flags.queries import FlagRow
from service.core.settings import FlagSettings

MASTER: Final = "performance_optimizations_enabled"
"""Off (share 0) switches every optimisation off, on (100) leaves each at its own share."""
NAMES: Final[Mapping[str, str]] = {
    name: field.description or "" for name, field in FlagSettings.model_fields.items()
}
"""Every flag and what it switches, the master first."""
EVERYBODY: Final = 100


@lru_cache(maxsize=16_384)
def place(flag: str, caller_id: str) -> int:
    """Where a caller stands among 100 for a flag, for ever: it has the flag while its share is above that.

    The flag is hashed too, so that flags are independent: half of those with one have another.
    """
    digest = blake2b(f"{flag}\0{caller_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % EVERYBODY


class Flags:
    """The shares in force in this process. Asking is a dict lookup, and at 0 or 100 % nothing else.

    `listeners` are called after every change of a share, by the event loop. `sources` tell what an
    optimisation did; whoever carries it out enters itself there.
    """

    def __init__(self, settings: FlagSettings) -> None:
        self.settings = settings
        self.version = 0
        """The data version of the rows taken last."""
        self.listeners: list[Callable[[], None]] = []
        self.sources: dict[str, Source] = {"read_replica": self._on_replica}
        self.replica = Tally()
        self._changed: Mapping[str, FlagRow] = {}
        self._shares = self._worked_out()

    def share(self, name: str) -> int:
        """The percentage of callers that have an optimisation now."""
        return self._shares[name]

    def acts(self, name: str, caller_id: str) -> bool:
        """Whether this caller has an optimisation: the same answer until its share is changed."""
        share = self._shares[name]
        return share == EVERYBODY or (share > 0 and place(name, caller_id) < share)

    def with_rows(self, rows: Mapping[str, FlagRow]) -> "Flags":
        """The same settings with these changes, which are not in force here (yet)."""
        other = Flags(self.settings)
        other.take(rows, self.version)
        return other

    def setting(self, name: str) -> int:
        """The share that the environment gives it."""
        value = getattr(self.settings, name)
        return (EVERYBODY if value else 0) if isinstance(value, bool) else int(value)

    def optimizations(self) -> list[Optimization]:
        """Every optimisation (all flags but the master): its share, and what it did in this process."""
        return [
            Optimization(
                name, title, self.share(name), self.sources[name]() if name in self.sources else None
            )
            for name, title in NAMES.items()
            if name != MASTER
        ]

    def _on_replica(self) -> Acted:
        basis = "seconds of open snapshots that the primary was spared"
        return Acted(self.replica.times, self.replica.saved, "seconds", basis)

    def take(self, rows: Mapping[str, FlagRow], version: int) -> None:
        """Put the changes that are in the table in force."""
        before, self._changed, self.version = self._shares, rows, version
        self._shares = self._worked_out()
        if self._shares != before:
            for listener in self.listeners:
                listener()

    def chosen(self, name: str) -> int:
        """The share it has while the master is on."""
        row = self._changed.get(name)
        return self.setting(name) if row is None else row.share

    def _worked_out(self) -> dict[str, int]:
        shares = {name: self.chosen(name) for name in NAMES}
        return shares if shares[MASTER] else dict.fromkeys(NAMES, 0)
