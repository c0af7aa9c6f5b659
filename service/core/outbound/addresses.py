"""Which addresses a target that somebody else chose may lead to: public ones only."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from service.core.errors import UpstreamError

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 as networks without it write it (RFC 6052)."""


class PrivateAddress(UpstreamError):
    """The target leads into this machine or its own network."""

    code = "upstream_private_address"


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also where IPv6 hides one of IPv4."""
    found = _unwrapped(ip_address(address.partition("%")[0]))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    return address if inside is None else inside


async def require_public(host: str, port: int) -> None:
    """Raise `PrivateAddress` when an address of the host is not public; the call finds unknown hosts."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return
    if not all(is_public(str(entry[4][0])) for entry in found):
        raise PrivateAddress(f"{host} leads to an address that is not public")


def public_socket(entry: Any) -> socket.socket:
    """A socket for a connection about to be made; refuses private ones, whatever the name led to before."""
    family, kind, protocol, _, place = entry
    if not is_public(str(place[0])):
        raise OSError(f"{place[0]} is not a public address")
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made
