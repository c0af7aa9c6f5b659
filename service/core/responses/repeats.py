"""What was answered a moment ago, by the request's own bytes: a hit that is asked for again and again.

Reading a request for its key and its form made a hit 5 us dearer than finding the same bytes again (43 and
38 us in B1, 26 of them the server's). Nothing is decided here: who asks, whether the data
are still the newest ones and whether their reading is trusted is looked at for each request.
"""

from dataclasses import dataclass
from typing import Literal

from starlette.types import Message, Scope

from service.core.auth import Caller
from service.core.cache import Tally
from service.core.flags import Tally as Savings
from service.core.responses.popularity import Wanted
from service.core.responses.stored import RawHeaders
from service.core.telemetry.metrics import Series

Shown = tuple[Literal["key", "session"], bytes]
"""The credential of a request: its kind and its raw header."""
Asked = tuple[str, str, bytes, tuple[tuple[bytes, bytes], ...]]

# A moment: short enough that `Age` is right to the second and that nothing dropped elsewhere lives on here.
MOMENT = 0.5
# Requests with an id of their own never come again; they must not fill the memory within the moment.
MOST = 1_000
# Of headers longer than this in all nothing is remembered: a thousand of the largest heads were 64 MiB.
LONGEST_HEADERS = 4_096


@dataclass(slots=True, eq=False)
class Repeat:
    """A kept answer in the form one request asked for, and what it stands on.

    `stamp` is the `Versions.stamp` it was right at, `identifier` and `correlation` the ids the request
    brought along. `times` is how often it was given and not yet counted, `packed_off` the bytes that
    compression takes off it.
    """

    shown: Shown
    caller: Caller
    stamp: int
    status: int
    headers: RawHeaders
    body: Message
    route: str
    identifier: bytes | None
    correlation: bytes | None
    tally: Tally
    series: Series
    wanted: Wanted | None = None
    packed_off: int = 0
    times: int = 0


def asked(scope: Scope) -> Asked:
    """All of a GET that an answer may depend on."""
    return scope["path"], scope["scheme"], scope["query_string"], tuple(scope["headers"])


class Repeats:
    """The answers of this moment; all are forgotten when it is over.

    `packed` counts what compression saved. What was given is counted in one place, later: here a request
    costs one addition.
    """

    __slots__ = ("_by_request", "_ends", "packed")

    def __init__(self, packed: Savings | None = None) -> None:
        self._by_request: dict[Asked, Repeat] = {}
        self._ends = float("-inf")
        self.packed = packed or Savings()

    def find(self, request: Asked, now: float) -> Repeat | None:
        """The answer to the same bytes of this moment (`now` in monotonic seconds)."""
        return self._by_request.get(request) if now < self._ends else None

    def keep(self, request: Asked, repeat: Repeat, now: float, expires_at: float) -> None:
        """Remember an answer until the moment is over, unless it ends sooner (`expires_at`, monotonic)."""
        if now >= self._ends:
            self.clear()
            self._ends = now + MOMENT
        if len(self._by_request) < MOST and expires_at >= self._ends and _is_short(request):
            self._by_request[request] = repeat

    def clear(self) -> None:
        """Forget all."""
        self.settle()
        self._by_request.clear()

    def settle(self) -> None:
        """Count what was given since it was done last."""
        for repeat in self._by_request.values():
            times, repeat.times = repeat.times, 0
            repeat.tally.hits += times
            if repeat.wanted is not None:
                repeat.wanted.asked += times
            if repeat.packed_off:
                self.packed.times += times
                self.packed.saved += times * repeat.packed_off


def _is_short(request: Asked) -> bool:
    return sum([len(value) for _, value in request[3]]) <= LONGEST_HEADERS
