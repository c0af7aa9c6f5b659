"""Which requests a fault hits: by any predicate, by count."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from service.simulators.serving.answers import Answer

C = TypeVar("C")
Inner = Callable[[], Awaitable[Answer]]
Fault = Callable[[C, Inner], Awaitable[Answer]]
AnyFault = Callable[[object, Inner], Awaitable[Answer]]
"""A fault that does not look at the request: it fits every site."""


@dataclass(slots=True)
class Rule(Generic[C]):
    """One entry of the plan. `seen` counts the requests that matched, `fired` how often the fault struck."""

    fault: Fault[C]
    when: Callable[[C], bool]
    nth: frozenset[int] | None = None
    times: int | None = None
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)

    @property
    def label(self) -> str:
        return str(getattr(self.fault, "label", getattr(self.fault, "__name__", "fault")))

    def due(self) -> bool:
        """Count one match and say whether the fault strikes it."""
        self.seen += 1
        if self.times is not None and self.fired >= self.times:
            return False
        if self.nth is not None and self.seen not in self.nth:
            return False
        self.fired += 1
        return True


class Orders(Generic[C]):
    """The faults in force. Several that hit one request are nested, the first added outermost."""

    def __init__(self) -> None:
        self._rules: list[Rule[C]] = []
        self._lock = threading.Lock()

    def order(
        self,
        fault: Fault[C],
        when: Callable[[C], bool],
        nth: int | Collection[int] | None = None,
        times: int | None = None,
    ) -> Rule[C]:
        """Put a fault into force: `nth` (from 1) picks among the requests of `when`; `times` ends it after so
        many strikes."""
        chosen = None if nth is None else frozenset([nth] if isinstance(nth, int) else nth)
        rule = Rule(fault, when, chosen, times)
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule: Rule[C]) -> None:
        with self._lock:
            self._rules.remove(rule)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def striking(self, call: C) -> list[Rule[C]]:
        """The rules that hit this request."""
        with self._lock:
            return [rule for rule in self._rules if rule.when(call) and rule.due()]

    async def run(self, rules: list[Rule[C]], call: C, inner: Inner) -> Answer:
        """The answer as the faults leave it."""
        for rule in reversed(rules):
            inner = _nested(rule.fault, call, inner)
        return await inner()


def _nested(fault: Fault[C], call: C, inner: Inner) -> Inner:
    async def outer() -> Answer:
        return await fault(call, inner)

    return outer
