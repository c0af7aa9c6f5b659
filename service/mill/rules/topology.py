"""In which order styles are expanded, and which recipes run in a circle (spec E.6.4, F-25)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from service.mill.rules.recipes import Recipes


@dataclass(frozen=True, slots=True)
class Topology:
    """`order`: every style that was reached, what goes into it after it.

    `cycles`: each circle once, as a path that ends where it began, the least code first. `poisoned`: styles
    that are in a circle or of which one is a part: their requirement has no end.
    """

    order: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...]
    poisoned: frozenset[str]


@dataclass(slots=True)
class _Search:
    """A depth-first search with a stack of its own: a recipe may be deeper than Python's."""

    recipes: Recipes
    done: dict[str, None] = field(default_factory=dict)
    on_path: dict[str, int] = field(default_factory=dict)
    cycles: dict[tuple[str, ...], None] = field(default_factory=dict)
    poisoned: set[str] = field(default_factory=set)

    def visit(self, root: str) -> None:
        stack = [(root, self._parts(root))]
        while stack:
            style, parts = stack[-1]
            for part in parts:
                if part in self.on_path:
                    self._close(part)
                elif part not in self.done:
                    stack.append((part, self._parts(part)))
                    break
            else:
                self._leave(style)
                stack.pop()

    def _parts(self, style: str) -> Iterator[str]:
        self.on_path[style] = len(self.on_path)
        return iter(sorted(self.recipes.parts_of(style)))

    def _close(self, part: str) -> None:
        path = list(self.on_path)
        circle = path[self.on_path[part] :]
        self.poisoned.add(path[-1])
        self.cycles[_turned(circle)] = None

    def _leave(self, style: str) -> None:
        if not self.poisoned.isdisjoint(self.recipes.parts_of(style)):
            self.poisoned.add(style)
        del self.on_path[style]
        self.done[style] = None


def _turned(circle: list[str]) -> tuple[str, ...]:
    """The circle from its least code on, closed: one circle has one name."""
    at = circle.index(min(circle))
    return (*circle[at:], *circle[: at + 1])


def topology(recipes: Recipes, roots: Iterable[str] | None = None) -> Topology:
    """What is reached from `roots`, or from every style; the same whatever the order they come in."""
    search = _Search(recipes)
    for root in sorted(set(recipes.lines if roots is None else roots)):
        if root not in search.done:
            search.visit(root)
    return Topology(tuple(reversed(search.done)), tuple(sorted(search.cycles)), frozenset(search.poisoned))


def with_takers(found: Topology, recipes: Recipes, styles: Iterable[str]) -> frozenset[str]:
    """These styles, and those reached into which one of them goes, over any number of levels."""
    taken = set(styles)
    for style in reversed(found.order):
        if not taken.isdisjoint(recipes.parts_of(style)):
            taken.add(style)
    return frozenset(taken)


def lacking(found: Topology, recipes: Recipes) -> frozenset[str]:
    """Styles reached of which nobody knows all that goes into them: without a recipe, or with such a part."""
    return with_takers(found, recipes, (style for style in found.order if not recipes.lines.get(style)))


@dataclass(frozen=True, slots=True)
class Closing:
    """The place of an edge that would close a circle with edges before it, and that circle."""

    at: int
    path: tuple[str, ...]


def closing(edges: Iterable[tuple[str, str]]) -> list[Closing]:
    """Edges (style, part) in the order of their file of which each would close a circle: `BOM_CYCLE`.

    Without them there is none. An edge that is refused closes nothing for those after it.
    """
    parts: dict[str, dict[str, None]] = {}
    found: list[Closing] = []
    for at, (style, part) in enumerate(edges):
        way = _way(part, style, parts)
        if way is None:
            parts.setdefault(style, {})[part] = None
        else:
            found.append(Closing(at, _turned(way)))
    return found


def _way(start: str, end: str, parts: Mapping[str, Iterable[str]]) -> list[str] | None:
    """The first way down from one style to another, both told."""
    came_from: dict[str, str | None] = {start: None}
    to_see = [start]
    while to_see and end not in came_from:
        style = to_see.pop()
        for part in parts.get(style, ()):
            if part not in came_from:
                came_from[part] = style
                to_see.append(part)
    if end not in came_from:
        return None
    way, at = [], came_from[end]
    while at is not None:
        way.append(at)
        at = came_from[at]
    return [*reversed(way), end]
