"""Which style is a part of which, edge by edge: the edge that closes a circle is known when it comes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence


class Parts:
    """A graph without circles, to which edges are added."""

    def __init__(self, edges: Iterable[tuple[str, str]]) -> None:
        self._parts: defaultdict[str, list[str]] = defaultdict(list)
        for style, part in edges:
            self._parts[style].append(part)

    def add(self, style: str, part: str) -> Sequence[str] | None:
        """Add a part to a style; or the circle that this would close, which is then not added."""
        way = self._way(part, style)
        if way is not None:
            return [style, *way]
        self._parts[style].append(part)
        return None

    def _way(self, start: str, end: str) -> list[str] | None:
        """From a style down to one of its parts, itself included."""
        came: dict[str, str | None] = {start: None}
        waiting = [start]
        while waiting:
            at = waiting.pop()
            if at == end:
                return _back(came, at)
            for part in self._parts.get(at, ()):
                if part not in came:
                    came[part] = at
                    waiting.append(part)
        return None


def _back(came: dict[str, str | None], end: str) -> list[str]:
    way: list[str] = []
    at: str | None = end
    while at is not None:
        way.append(at)
        at = came[at]
    return way[::-1]
