"""The two forms of a copy: one JSON object, or a zip archive with a CSV file per section (spec E6).

Both are written forwards only, rows as they come, and end with the manifest: what is in it and its hashes.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any, Final, NamedTuple, Protocol, cast
from uuid import UUID

import orjson

from service.reporting.formats.csv_file import neutral

Row = Mapping[str, Any]
EXPORT_VERSION: Final = 1


class Sink:
    """Where a file is written to; what has come together is taken away piece by piece."""

    def __init__(self) -> None:
        self.written = 0
        self.digest = hashlib.sha256()
        self._held = bytearray()

    def write(self, piece: bytes) -> int:
        """Take in a piece."""
        self.written += len(piece)
        self.digest.update(piece)
        self._held += piece
        return len(piece)

    def flush(self) -> None:
        """As a file has it; there is nothing to do."""

    def take(self, size: int) -> Iterable[bytes]:
        """Whole pieces of this size."""
        while len(self._held) >= size:
            yield bytes(self._held[:size])
            del self._held[:size]

    def rest(self) -> bytes:
        """What is left at the end."""
        return bytes(self._held)


class Counted:
    """What the manifest says of a section: how many rows, and the hash of how they are written."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def add(self, piece: bytes) -> bytes:
        """A piece of the section's text."""
        self._digest.update(piece)
        return piece

    def manifest(self) -> dict[str, Any]:
        """Its entry."""
        return {"count": self.rows, "sha256": self._digest.hexdigest()}


class Heading(NamedTuple):
    """A section: its name, its columns, and whether it is one object and not a list."""

    name: str
    columns: Sequence[str]
    single: bool


class CopyFile(Protocol):
    """A file that sections are written to, one after the other."""

    def begin(self, heading: Heading) -> None:
        """Begin a section."""

    def rows(self, rows: Sequence[Row]) -> None:
        """Add rows to it."""

    def end(self) -> None:
        """End it."""

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """End the file; `manifest` is completed by the sections."""

    def close(self) -> None:
        """Let go of what is open, also of a file that was not finished; twice is fine."""


class JsonFile:
    """One object with a member per section, the manifest last.

    A section's hash is that of its value as it is written here: compact JSON, UTF-8.
    """

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._sections: dict[str, Counted] = {}
        self._now = Counted()
        self._single = False

    def begin(self, heading: Heading) -> None:
        """A member of the object."""
        self.sink.write(b"{" if not self._sections else b",")
        self.sink.write(orjson.dumps(heading.name) + b":")
        self._now = self._sections[heading.name] = Counted()
        self._single = heading.single
        if not heading.single:
            self._put(b"[")

    def rows(self, rows: Sequence[Row]) -> None:
        """Rows as objects."""
        for row in rows:
            if self._now.rows:
                self._put(b",")
            self._put(_json(row))
            self._now.rows += 1

    def end(self) -> None:
        """A single section without a row is null."""
        if not self._single:
            self._put(b"]")
        elif not self._now.rows:
            self._put(b"null")

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """The manifest, and the end of the object."""
        files = {name: counted.manifest() for name, counted in self._sections.items()}
        whole = {**manifest, "sections": files}
        self.sink.write(b',"manifest":' + orjson.dumps(whole) + b"}")

    def close(self) -> None:
        """Nothing is open."""

    def _put(self, piece: bytes) -> None:
        self.sink.write(self._now.add(piece))


class ZipFile:
    """A zip archive: `<section>.csv` for each (RFC 4180, UTF-8, header row), and `manifest.json`.

    Lists and objects are JSON in their cell; what a spreadsheet would run is made harmless.
    """

    def __init__(self, sink: Sink) -> None:
        self._archive = zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED)
        self._sections: dict[str, Counted] = {}
        self._now = Counted()
        self._file: Any = None
        self._columns: Sequence[str] = ()

    def begin(self, heading: Heading) -> None:
        """A file of its own, with its header also where there is no row."""
        self._now = self._sections[f"{heading.name}.csv"] = Counted()
        self._columns = heading.columns
        self._file = self._archive.open(f"{heading.name}.csv", "w", force_zip64=True)
        self._lines([heading.columns])

    def rows(self, rows: Sequence[Row]) -> None:
        """Rows as lines."""
        self._lines([[_cell(row[column]) for column in self._columns] for row in rows])
        self._now.rows += len(rows)

    def end(self) -> None:
        """The end of the section's file."""
        self._file.close()

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """The manifest, and the directory of the archive."""
        files = {name: counted.manifest() for name, counted in self._sections.items()}
        whole = orjson.dumps({**manifest, "sections": files}, option=orjson.OPT_INDENT_2)
        self._archive.writestr("manifest.json", whole)
        self.close()

    def close(self) -> None:
        """The file under way and the archive."""
        if self._file is not None:
            self._file.close()
        self._archive.close()

    def _lines(self, rows: Sequence[Sequence[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        self._file.write(self._now.add(text.getvalue().encode()))


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, list | dict):
        return neutral(_json(value).decode())
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):  # of two places: no float of that size shows more
        return float(value)
    if isinstance(value, UUID):  # the driver's own kind, which orjson does not take
        return str(value)
    raise TypeError(f"a copy holds no {type(value).__name__}")


FORMS: Final[Mapping[str, type[JsonFile] | type[ZipFile]]] = {"json": JsonFile, "csv": ZipFile}
MEDIA_TYPES: Final[Mapping[str, str]] = {"json": "application/json", "csv": "application/zip"}
EXTENSIONS: Final[Mapping[str, str]] = {"json": "json", "csv": "zip"}
