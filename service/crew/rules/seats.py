"""Seats: each required position needs a person of its own (spec D.6, mode `seats`)."""

from collections.abc import Sequence


def seated(wanted: Sequence[int], people: Sequence[int]) -> list[int]:
    """How many seats of each requirement can be taken at once, most in all; earlier requirements come first.

    `wanted` are seats by requirement. A person is the set of requirements they match, as bits. This is a
    maximum bipartite matching by augmenting paths: a seat once taken stays taken, though perhaps by another.
    """
    holds: list[int | None] = [None] * len(people)
    taken = [0] * len(wanted)
    for requirement, seats in enumerate(wanted):
        for _ in range(seats):
            if not _seat(requirement, people, holds, set()):
                break
            taken[requirement] += 1
    return taken


def _seat(requirement: int, people: Sequence[int], holds: list[int | None], asked: set[int]) -> bool:
    """Find somebody for one more seat, moving others where that frees one."""
    for at, matched in enumerate(people):
        if not matched >> requirement & 1 or at in asked:
            continue
        asked.add(at)
        held = holds[at]
        if held is None or _seat(held, people, holds, asked):
            holds[at] = requirement
            return True
    return False
