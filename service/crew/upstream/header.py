"""The crew header of a grid: which of its columns are slots, and what stands before them (spec D.1.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from service.crew.rules.labels import is_label
from service.crew.upstream.markup import Element, cells_of, columns_of, text_of


@dataclass(frozen=True, slots=True)
class Header:
    """Columns are counted from 0, by what they span. `skills` is None where no column is captioned so."""

    labels: tuple[str, ...]
    first: int
    width: int
    skills: int | None

    @property
    def after_skills(self) -> int:
        """Columns between the skills and the first slot; none on the pages that were seen."""
        return 0 if self.skills is None else max(0, self.first - self.skills - 1)

    @property
    def extra(self) -> int:
        """Columns after the last slot, such as a total."""
        return self.width - self.first - len(self.labels)


def header_of(row: Element) -> Header:
    """The slots are the first cells on end that are four digits."""
    texts = [text_of(cell) for cell in columns_of(cells_of(row))]
    first = next((at for at, text in enumerate(texts) if is_label(text)), len(texts))
    labels = tuple(takewhile(is_label, texts[first:]))
    captions = [text.lower() for text in texts[:first]]
    skills = captions.index("skills") if "skills" in captions else None
    return Header(labels, first, len(texts), skills)


def labels_of(cells: Sequence[Element]) -> list[str] | None:
    """The labels of a row that is nothing but labels (and blanks before them); None: it is another row."""
    texts = [text for cell in cells if (text := text_of(cell))]
    return texts if texts and all(map(is_label, texts)) else None
