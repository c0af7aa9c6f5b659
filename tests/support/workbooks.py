"""What lies in a workbook beside its values: notes, panes, filters, colours."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineWorkbook


@dataclass
class Opened:
    """One workbook read back."""

    content: bytes

    def values(self, sheet: str | int) -> list[list[Any]]:
        """The values of a sheet; dates, times and durations as what they are."""
        book = CalamineWorkbook.from_filelike(io.BytesIO(self.content))
        found = book.get_sheet_by_index(sheet) if isinstance(sheet, int) else book.get_sheet_by_name(sheet)
        return found.to_python(skip_empty_area=False)

    @property
    def names(self) -> list[str]:
        """The sheets."""
        return CalamineWorkbook.from_filelike(io.BytesIO(self.content)).sheet_names

    def part(self, name: str) -> str:
        """The XML of a part, such as `worksheets/sheet1`."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.read(f"xl/{name}.xml").decode()

    def notes(self, number: int = 1) -> dict[str, str]:
        """Notes of a sheet by cell."""
        found = re.findall(
            r'<comment ref="([A-Z]+\d+)".*?</comment>', self.part(f"comments{number}"), re.DOTALL
        )
        texts = re.findall(r"<comment .*?</comment>", self.part(f"comments{number}"), re.DOTALL)
        return {cell: re.sub(r"<[^>]+>", "", text) for cell, text in zip(found, texts, strict=True)}

    def fill(self, sheet: int, cell: str) -> str | None:
        """The background colour of a cell, such as `FFFF00`."""
        style = re.search(rf'<c r="{cell}"(?: s="(\d+)")?', self.part(f"worksheets/sheet{sheet}"))
        if style is None or style[1] is None:
            return None
        styles = self.part("styles")
        formats = re.findall(r"<xf [^>]*>", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")])
        used = re.search(r'fillId="(\d+)"', formats[int(style[1])])
        assert used is not None
        fills = re.findall(r"<fill>.*?</fill>", styles)
        colour = re.search(r'<fgColor rgb="FF([0-9A-F]{6})"', fills[int(used[1])])
        return None if colour is None else colour[1]
