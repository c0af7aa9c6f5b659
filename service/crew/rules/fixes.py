"""Who would close a gap: the smallest sets of people whose booking on lets the rule hold (spec D.6)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb, prod
from operator import le
from typing import Final

from service.crew.rules.judging import Crew, Judge

MOST_ADDED: Final = 4
MOST_SETS: Final = 20

Kinds = Counter[int]
"""How many people of each kind; people of one kind match the same requirements, as bits."""


@dataclass(frozen=True, slots=True)
class Fixes:
    """`least`: how many more people are needed, None where up to 4 would not do.

    `sets` are those who would do, by id, at most 20; `count` how many sets there are, `people` everybody who
    is in one of them.
    """

    least: int | None
    sets: tuple[tuple[int, ...], ...] = ()
    count: int = 0
    people: frozenset[int] = frozenset()


def fixes(
    judge: Judge,
    crews: Collection[Crew],
    candidates: Collection[int],
    *,
    most_added: int = MOST_ADDED,
    most_sets: int = MOST_SETS,
) -> Fixes:
    """The smallest sets of `candidates` with whom each of the crews meets the rule."""
    worst = worst_shorts(judge, crews)
    if not any(worst):
        return Fixes(0)
    kinds = _useful(judge, worst, candidates)
    many = Counter(kinds.values())
    for least in range(max(worst), most_added + 1):
        enough = [made for made in _mixes(many, least) if _closes(judge, worst, crews, made)]
        if enough:
            count = sum(prod(comb(many[kind], n) for kind, n in made.items()) for made in enough)
            people = frozenset(id_ for id_, kind in kinds.items() if any(made[kind] for made in enough))
            return Fixes(least, tuple(_sets(kinds, enough, most_sets)), count, people)
    return Fixes(None)


def worst_shorts(judge: Judge, crews: Collection[Crew]) -> list[int]:
    """The most that any of these crews is short of, by requirement."""
    shorts = ([one.short for one in judge.result(crew).met] for crew in crews)
    return [max(column) for column in zip(*shorts, strict=True)]


def _useful(judge: Judge, worst: Sequence[int], candidates: Collection[int]) -> Mapping[int, int]:
    """The kind of each candidate who can matter, by id in order.

    Where people may serve several requirements only those matter that a crew is short of: a smallest set has
    nobody without one of them.
    """
    mask = (1 << len(judge.wanted)) - 1
    if judge.rule.mode == "overlap":
        mask = sum(1 << at for at, most in enumerate(worst) if most)
    kinds = {id_: judge.bits[id_] & mask for id_ in sorted(candidates)}
    return {id_: kind for id_, kind in kinds.items() if kind}


def _mixes(many: Mapping[int, int], size: int) -> Iterator[Kinds]:
    for made in combinations_with_replacement(sorted(many), size):
        kinds = Counter(made)
        if all(count <= many[kind] for kind, count in kinds.items()):
            yield kinds


def _closes(judge: Judge, worst: Sequence[int], crews: Collection[Crew], made: Kinds) -> bool:
    added = list(made.elements())
    if judge.rule.mode == "overlap":
        return all(sum(kind >> at & 1 for kind in added) >= short for at, short in enumerate(worst) if short)
    return all(judge.ok([*judge.mix(crew), *added]) for crew in crews)


def _sets(kinds: Mapping[int, int], enough: Sequence[Kinds], most: int) -> list[tuple[int, ...]]:
    """The first sets of people in the order of their ids whose mix is enough."""
    ids, order = list(kinds), sorted(set(kinds.values()))
    places = [order.index(kinds[id_]) for id_ in ids]
    behind = [[places[at:].count(place) for place in range(len(order))] for at in range(len(ids) + 1)]
    found: list[tuple[int, ...]] = []

    def pick(at: int, chosen: tuple[int, ...], mixes: list[tuple[int, ...]]) -> None:
        # Only mixes that those who are left can still fill: no step is taken in vain.
        left = [made for made in mixes if all(map(le, made, behind[at]))]
        if not left or len(found) == most:
            return
        if not any(left[0]):
            found.append(chosen)
            return
        place = places[at]
        with_one = [_less(made, place) for made in left if made[place]]
        pick(at + 1, (*chosen, ids[at]), with_one)
        pick(at + 1, chosen, left)

    pick(0, (), [tuple(made[kind] for kind in order) for made in enough])
    return found


def _less(made: tuple[int, ...], place: int) -> tuple[int, ...]:
    return (*made[:place], made[place] - 1, *made[place + 1 :])
