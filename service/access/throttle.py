"""Limits guessing: a token bucket of failures per address and per key id, in bounded memory.

Buckets are refilled by the monotonic clock, so a jump of the wall clock frees and locks nobody.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address


class Throttle:
    """Allows `burst` failures at once and one more every `refill` seconds, for each name."""

    def __init__(
        self,
        *,
        burst: int,
        refill: float,
        most_names: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.burst = burst
        self.refill = refill
        self.most_names = most_names
        self._clock = clock
        # For each name the instant at which its bucket will be full again; the least recent comes first.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, name: str) -> int:
        """Whole seconds until another failure of `name` is allowed; 0 when it is allowed now."""
        ahead = self._full_at.get(name, 0.0) - self._clock()
        return max(0, math.ceil(ahead - (self.burst - 1) * self.refill))

    def failed(self, name: str) -> int:
        """Count a failure of `name`; what `wait` said before it."""
        now = self._clock()
        before = self.wait(name)
        if before == 0:  # those refused anyway do not lengthen the wait
            self._full_at[name] = max(self._full_at.get(name, now), now) + self.refill
        if name in self._full_at:
            self._full_at.move_to_end(name)
        while len(self._full_at) > self.most_names:
            self._full_at.popitem(last=False)
        return before

    def __len__(self) -> int:
        """How many names are remembered."""
        return len(self._full_at)


def network(address: str) -> str:
    """The name an address is counted under: one customer of IPv6 owns a /64, so it counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return parsed.exploded[:19]
