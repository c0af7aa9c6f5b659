"""Which requests a fault hits: by kind, doctype, path, method, user, count or any predicate."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fnmatch import fnmatchcase

from service.simulators.frappe.calls import Call
from service.simulators.serving import plan
from service.simulators.serving.plan import Inner, Orders

Fault = plan.Fault[Call]
Rule = plan.Rule[Call]

__all__ = ["Fault", "FaultPlan", "Inner", "Rule"]


class FaultPlan(Orders[Call]):
    """The faults in force. Several that hit one request are nested, the first added outermost."""

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

        def hits(call: Call) -> bool:
            pairs = ((kind, call.kind), (doctype, call.doctype), (method, call.method), (user, call.user))
            if any(wanted not in (None, found) for wanted, found in pairs):
                return False
            if path is not None and not fnmatchcase(call.path, path):
                return False
            return when is None or when(call)

        return self.order(fault, hits, nth, times)
