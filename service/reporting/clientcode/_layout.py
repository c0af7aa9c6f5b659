"""Lays out brackets as the project's formatter does: in one line where they fit, else one element a line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 110


@dataclass(frozen=True)
class Bracket:
    """Something in brackets: ``open`` and ``close`` with what stands around them, and the elements between.

    ``comma`` false marks elements after which the formatter writes none (a lone ``*``).
    """

    open: str
    items: Sequence[str | Bracket]
    close: str

    def flat(self) -> str:
        """In one line."""
        return self.open + ", ".join(map(flat, self.items)) + self.close

    def lines(self, indent: int) -> list[str]:
        """In as few lines as the width allows."""
        one = " " * indent + self.flat()
        if len(one) <= WIDTH or not self.items:
            return [one]
        inner = [line for item in self.items for line in _with_comma(item, indent + 4)]
        return [" " * indent + self.open, *inner, " " * indent + self.close]


def flat(item: str | Bracket) -> str:
    """An element in one line."""
    return item if isinstance(item, str) else item.flat()


def docstring(paragraphs: Iterable[str], indent: int) -> list[str]:
    """A docstring's lines, wrapped; each line of a paragraph that begins with a dash keeps its own line."""
    wrapped = [_wrapped(paragraph, indent) for paragraph in paragraphs if paragraph.strip()]
    text = "\n\n".join(wrapped).replace("\\", "\\\\").replace('"""', "'''")
    if text.endswith('"'):
        text += "."
    lines = f'"""{text}'.split("\n")
    alone = len(lines) == 1 and len(lines[0]) + indent + 3 <= WIDTH
    lines = [lines[0] + '"""'] if alone else [*lines, '"""']
    return [" " * indent + line if line else "" for line in lines]


def _wrapped(paragraph: str, indent: int) -> str:
    lines = [line.strip() for line in paragraph.strip().splitlines()]
    listed = any(line.startswith(("- ", "* ")) for line in lines)
    pieces = lines if listed else [" ".join(lines)]
    return "\n".join(_filled(piece, WIDTH - indent - 3) for piece in pieces)


def _filled(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def _with_comma(item: str | Bracket, indent: int) -> list[str]:
    lines = [" " * indent + item] if isinstance(item, str) else item.lines(indent)
    return [*lines[:-1], f"{lines[-1]},"]
