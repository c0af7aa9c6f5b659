"""How the upstreams stand: what every worker's calls met, and what is stored of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from service.core.outbound import CONTACTS, Contact
from service.reporting.desk import SourceState
from service.schemas.monitoring.health import UpstreamHealth, UpstreamState

Plain = dict[str, dict[str, Any]]
"""By upstream group; instants as text in UTC, so that the later one is the greater one."""

_LASTING: Final = ("last_answer", "last_failure", "last_failure_detail", "outcomes", "retries")


def written() -> Plain:
    """Everyone this process has spoken to."""
    return {group: _contact(contact) for group, contact in CONTACTS.items()}


def _contact(contact: Contact) -> dict[str, Any]:
    counts = contact.statistics
    return {
        "last_answer": _text(counts.last_answer),
        "last_failure": _text(counts.last_failure),
        "last_failure_detail": counts.last_failure_detail,
        "outcomes": dict(counts.outcomes),
        "retries": counts.retries,
        "in_flight": counts.in_flight,
        "breaker": contact.breaker.state,
        "breaker_reason": contact.breaker.reason,
        "rate_limit": dict(counts.rate_limit),
        "paused_seconds": contact.paused(),
        "clock_ahead": counts.clock_ahead,
    }


def merged(several: Sequence[Plain]) -> Plain:
    """Counts summed; how it stands is told by the worker that had to do with it last."""
    together: Plain = {}
    for told in several:
        for group, contact in told.items():
            before = together.get(group)
            together[group] = contact if before is None else _joined(before, contact)
    return together


def lasting(told: Plain) -> Plain:
    """What outlives a process: its counts and its last contacts."""
    return {group: {name: contact[name] for name in _LASTING} for group, contact in told.items()}


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    older, newer = sorted((one, other), key=_last)
    failed = max((one, other), key=lambda contact: contact["last_failure"] or "")
    return {
        **older,
        **newer,
        "last_answer": max(one["last_answer"] or "", other["last_answer"] or "") or None,
        "last_failure": failed["last_failure"],
        "last_failure_detail": failed["last_failure_detail"],
        "outcomes": dict(Counter(one["outcomes"]) + Counter(other["outcomes"])),
        "retries": one["retries"] + other["retries"],
        "in_flight": one.get("in_flight", 0) + other.get("in_flight", 0),
    }


def _last(contact: Mapping[str, Any]) -> tuple[bool, str]:
    """A process that lives knows better than one that is gone."""
    return "breaker" in contact, max(contact["last_answer"] or "", contact["last_failure"] or "")


def upstreams(
    told: Plain, stored: Sequence[SourceState], addresses: Mapping[str, str], now: datetime
) -> list[UpstreamHealth]:
    """Every upstream that is set, stored or was spoken to."""
    known = {state.name: state for state in stored}
    names = sorted({*told, *known, *addresses})
    return [_health(name, told.get(name), known.get(name), addresses.get(name), now) for name in names]


def _health(
    name: str,
    contact: Mapping[str, Any] | None,
    state: SourceState | None,
    address: str | None,
    now: datetime,
) -> UpstreamHealth:
    met = contact or {}
    outcomes = met.get("outcomes", {})
    answered = _instant(met.get("last_answer"))
    stored, through = (None, None) if state is None else (state.last_contact_at, state.complete_through)
    contacts = [at for at in (answered, stored) if at is not None]
    return UpstreamHealth(
        name=name,
        status=_status(met),
        address=address or (None if state is None else state.address),
        last_contact_at=max(contacts, default=None),
        last_failure_at=_instant(met.get("last_failure")),
        last_failure=met.get("last_failure_detail"),
        breaker=met.get("breaker"),
        breaker_reason=met.get("breaker_reason"),
        complete_through=through,
        lag_seconds=None if through is None else max(0, int((now - through).total_seconds())),
        in_flight=met.get("in_flight", 0),
        attempts=sum(outcomes.values()),
        retries=met.get("retries", 0),
        outcomes=outcomes,
        rate_limit=met.get("rate_limit", {}),
        paused_seconds=round(met.get("paused_seconds", 0.0), 1),
        clock_ahead_seconds=met.get("clock_ahead"),
    )


def _status(met: Mapping[str, Any]) -> UpstreamState:
    if met.get("breaker") == "open":
        return "left_alone"
    answer, failure = met.get("last_answer"), met.get("last_failure")
    if answer is None and failure is None:
        return "unknown"
    # A refusal is an answer too: both instants are of the same attempt then, the failure noted last.
    return "failing" if (failure or "") > (answer or "") else "up"


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="microseconds")


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
