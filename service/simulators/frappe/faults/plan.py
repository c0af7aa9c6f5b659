"""Which requests a fault hits: by kind, doctype, path, method, user, count or any predicate."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from service.simulators.frappe.answers import Answer
from service.simulators.frappe.calls import Call

Inner = Callable[[], Awaitable[Answer]]
Fault = Callable[[Call, Inner], Awaitable[Answer]]


@dataclass(slots=True)
class Rule:
    """One entry of the plan. `seen` counts the requests that matched, `fired` how often the fault struck."""

    fault: Fault
    kind: str | None = None
    doctype: str | None = None
    path: str | None = None
    method: str | None = None
    user: str | None = None
    nth: frozenset[int] | None = None
    times: int | None = None
    when: Callable[[Call], bool] | None = None
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)

    @property
    def label(self) -> str:
        return str(getattr(self.fault, "label", getattr(self.fault, "__name__", "fault")))

    def matches(self, call: Call) -> bool:
        pairs = ((self.kind, call.kind), (self.doctype, call.doctype), (self.method, call.method))
        if any(wanted not in (None, found) for wanted, found in (*pairs, (self.user, call.user))):
            return False
        if self.path is not None and not fnmatchcase(call.path, self.path):
            return False
        return self.when is None or self.when(call)

    def due(self) -> bool:
        """Count one match and say whether the fault strikes it."""
        self.seen += 1
        if self.times is not None and self.fired >= self.times:
            return False
        if self.nth is not None and self.seen not in self.nth:
            return False
        self.fired += 1
        return True


class FaultPlan:
    """The faults in force. Several that hit one request are nested, the first added outermost."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def add(
        self,
        fault: Fault,
        *,
        kind: str | None = None,
        doctype: str | None = None,
        path: str | None = None,
        method: str | None = None,
        user: str | None = None,
        nth: int | Collection[int] | None = None,
        times: int | None = None,
        when: Callable[[Call], bool] | None = None,
    ) -> Rule:
        """Put a fault into force.

        `nth` (from 1) picks among the requests that match the other conditions; `times` ends it after so many
        strikes; `path` is a shell pattern; without conditions it hits everything, for ever.
        """
        chosen = None if nth is None else frozenset([nth] if isinstance(nth, int) else nth)
        rule = Rule(fault, kind, doctype, path, method, user, chosen, times, when)
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        with self._lock:
            self._rules.remove(rule)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def striking(self, call: Call) -> list[Rule]:
        """The rules that hit this request."""
        with self._lock:
            return [rule for rule in self._rules if rule.matches(call) and rule.due()]

    async def run(self, rules: list[Rule], call: Call, inner: Inner) -> Answer:
        """The answer as the faults leave it."""
        for rule in reversed(rules):
            inner = _nested(rule.fault, call, inner)
        return await inner()


def _nested(fault: Fault, call: Call, inner: Inner) -> Inner:
    async def outer() -> Answer:
        return await fault(call, inner)

    return outer
