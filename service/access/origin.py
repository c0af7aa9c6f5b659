"""Where the request being served comes from, as far as the audit may know it: never a whole address.

Telemetry's context knows the request, so nobody has to hand it through to whoever records.
"""

from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from service.core.auth import client_address
from service.core.telemetry import timings


class Origin(NamedTuple):
    """The network (/24, of IPv6 /48) and a digest of the `User-Agent`; null where there is none."""

    network: str | None
    user_agent_hash: str | None


def origin() -> Origin:
    """Of the request being served; of work that serves none both are null."""
    scope = timings().scope
    if scope is None:
        return Origin(None, None)
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), None)
    return Origin(truncated(client_address(scope)), None if agent is None else sha256(agent).hexdigest()[:32])


def truncated(address: str) -> str | None:
    """The network of an address, too wide to tell a household (children spec E5)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((parsed, 48), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, 24), strict=False))
