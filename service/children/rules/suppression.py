"""What may be told of groups: none of fewer than k children, none that can be worked out from the others.

Spec E8: a group below k is withheld; where a partition would withhold one group alone, the next smallest goes
with it. Stricter here: the withheld of a partition must be k children together, or their total less what is
shown would tell of few. The same holds for each mean, among those who contribute to it. Partitions are the
whole, and with several dimensions each line along one of them, because the same question with one dimension
less gives that line's total.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

Key = tuple[str, ...]
STEP: Final = 5
"""Numbers of children are told rounded down to a multiple of this."""


def withheld(counts: Mapping[Key, int], smallest: int, gone: frozenset[Key] = frozenset()) -> frozenset[Key]:
    """The groups that may not be told, of these and their numbers of children; `gone` are withheld anyway."""
    hidden = {key for key, count in counts.items() if count < smallest or key in gone}
    while True:
        more = {key for line in _lines(counts) for key in _next(line, counts, hidden, smallest)}
        if more <= hidden:
            return frozenset(hidden)
        hidden |= more


def rounded_down(count: int) -> int:
    """A number of children as it is told."""
    return count // STEP * STEP


def _lines(counts: Mapping[Key, int]) -> Iterable[Sequence[Key]]:
    yield list(counts)
    dimensions = len(next(iter(counts), ()))
    for place in range(dimensions if dimensions > 1 else 0):
        lines: dict[Key, list[Key]] = defaultdict(list)
        for key in counts:
            lines[key[:place] + key[place + 1 :]].append(key)
        yield from lines.values()


def _next(line: Sequence[Key], counts: Mapping[Key, int], hidden: set[Key], smallest: int) -> Sequence[Key]:
    """What must be withheld with the hidden ones of a line: nothing, or its next smallest group."""
    gone = [key for key in line if key in hidden]
    if not gone or (len(gone) > 1 and sum(counts[key] for key in gone) >= smallest):
        return ()
    shown = sorted((key for key in line if key not in hidden), key=lambda key: (counts[key], key))
    return shown[:1]
