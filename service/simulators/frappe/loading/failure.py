"""What is wrong with a file, said so that its owner finds the place."""

from __future__ import annotations


class LoadError(ValueError):
    """A file that cannot be loaded; nothing of the load is kept. `line` counts from 1, `column` is a field
    name."""

    def __init__(self, file: str, what: str, line: int | None = None, column: str | None = None) -> None:
        place = file + (f", line {line}" if line else "") + (f", column {column}" if column else "")
        super().__init__(f"{place}: {what}")
        self.file, self.line, self.column = file, line, column
