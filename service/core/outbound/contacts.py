"""Whom this process has spoken to: by upstream group, the breaker and the counts of the newest caller."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from service.core.outbound.breaker import Breaker
from service.core.outbound.statistics import OutboundStatistics


@dataclass(frozen=True, slots=True)
class Contact:
    """One upstream as its newest caller knows it; `paused` gives the seconds it asked to be left alone."""

    breaker: Breaker
    statistics: OutboundStatistics
    paused: Callable[[], float]


CONTACTS: Final[dict[str, Contact]] = {}
"""By group; groups are words of the code. For health pages, which change nothing here."""


def statistics_of(group: str) -> OutboundStatistics:
    """The counts of a group so far, for callers that live shortly: theirs go on from there."""
    known = CONTACTS.get(group)
    return OutboundStatistics() if known is None else known.statistics
