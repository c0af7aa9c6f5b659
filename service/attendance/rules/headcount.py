"""Who is in: what the punches of a running shift say up to an instant (spec D.4, F.5)."""

from collections.abc import Sequence


def is_in(types: Sequence[str | None]) -> bool:
    """Whether the last of these punches is an entry: `IN`, or without types the first, third, fifth, …"""
    if not types:
        return False
    return types[-1] == "IN" if types[-1] is not None else len(types) % 2 == 1
