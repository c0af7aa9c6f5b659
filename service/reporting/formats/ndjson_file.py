"""NDJSON: one row a line as it is in JSON, and a last line that says how complete all of it is.

The last line (`"end": true`) carries parameters, summary, notes, meta and the number of rows: without it a
file that was cut short could not be told from a whole one.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Final

import orjson

from service.reporting.report import Formatter, View

ROWS_IN_A_PIECE: Final = 500


def pieces(view: View) -> Iterable[bytes]:
    """The file in pieces of some hundred lines."""
    rows, count = iter(view.each_row), 0
    while block := [
        orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in islice(rows, ROWS_IN_A_PIECE)
    ]:
        count += len(block)
        yield b"".join(block)
    about = {name: value for name, value in view.answer.items() if name != "items"}
    yield orjson.dumps({"end": True, "rows": count, **about}, option=orjson.OPT_APPEND_NEWLINE)


NDJSON: Final = Formatter(media_type="application/x-ndjson", extension="ndjson", write=pieces)
