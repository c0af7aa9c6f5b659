"""How many rows to ask for: more while pages come easily, fewer when the site or its proxy gives up."""

from dataclasses import dataclass

# Below this a page cannot be the reason for a time-out; the fixed cost of a request is about ten rows' worth.
SMALLEST = 20
# Pages in order before a size that once failed is tried again.
PATIENCE = 50
# Failures that a smaller page may avoid (spec E.5: 502 and 504 come from a proxy that lost its patience).
OUTSIZED = frozenset({"timeout", "status_502", "status_504", "too_large", "truncated"})


@dataclass(slots=True)
class PageSize:
    """The size that all streams of a run share; `most` is the setting, `ceiling` what proved to work."""

    size: int = 100
    most: int = 1000
    ceiling: int = 0
    calm: int = 0

    def __post_init__(self) -> None:
        self.size = min(self.size, self.most)
        self.ceiling = self.ceiling or self.most

    def worked(self) -> None:
        """A full page of the present size came: ask for more next time."""
        self.calm += 1
        if self.calm >= PATIENCE and self.ceiling < self.most:
            self.ceiling, self.calm = min(self.ceiling * 2, self.most), 0
        self.size = min(self.size * 2, self.ceiling)

    def failed(self, asked: int) -> bool:
        """A page of `asked` rows failed as large pages do; False: it is as small as it gets."""
        if asked <= SMALLEST:
            return False
        # Several streams may report the same trouble; only the first of them halves.
        if asked <= self.size:
            self.size = self.ceiling = max(SMALLEST, asked // 2)
            self.calm = 0
        return True
