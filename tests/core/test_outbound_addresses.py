"""Targets that callers choose lead to public addresses only, whatever their names say."""

import pytest

from service.core.errors import UpstreamSilent
from service.core.outbound import Outbound, PrivateAddress, is_public, require_public
from service.core.settings import FrappeSettings
from tests.core.misbehaving import QUICK, listening, send


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False), ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_addresses_are_told_apart(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_a_name_of_this_machine_is_refused() -> None:
    for host in ("localhost", "127.1", "2130706433"):
        with pytest.raises(PrivateAddress):
            await require_public(host, 80)


async def test_no_connection_is_made_even_where_nobody_looked_before() -> None:
    async def handler(writer: object, _: int) -> None:
        send(writer, 200)  # type: ignore[arg-type]  # it is never called

    settings = FrappeSettings(total_timeout=2, connect_timeout=1)
    async with listening(handler) as (url, seen):
        for address in (url, url.replace("127.0.0.1", "localhost")):
            async with Outbound("test", settings, policy=QUICK, public_only=True) as caller:
                with pytest.raises(UpstreamSilent):
                    await caller.get(address)
            async with Outbound("test", settings, policy=QUICK) as caller:
                assert (await caller.get(address)).status == 200
        assert seen["requests"] == 2
