"""Calls to other people's systems: one pool, one retry layer, one breaker and one count per upstream.

The only room of the server that knows httpx and aiohttp.
"""

from service.core.outbound.addresses import PrivateAddress, is_public, require_public
from service.core.outbound.answers import Answer, Unusable, read_plainly
from service.core.outbound.breaker import Breaker
from service.core.outbound.caller import Call, Outbound, OutboundSettings
from service.core.outbound.contacts import CONTACTS, Contact, statistics_of
from service.core.outbound.pace import Pace
from service.core.outbound.statistics import OutboundStatistics

__all__ = [
    "CONTACTS",
    "Answer",
    "Breaker",
    "Call",
    "Contact",
    "Outbound",
    "OutboundSettings",
    "OutboundStatistics",
    "Pace",
    "PrivateAddress",
    "Unusable",
    "is_public",
    "read_plainly",
    "require_public",
    "statistics_of",
]
