"""The JSON of an answer whose rows are streamed: the same document as a route gives, written row by row."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

import orjson

from service.reporting.report import View

ROWS_IN_A_PIECE: Final = 500
MEDIA_TYPE: Final = "application/json"


def pieces(view: View) -> Iterable[bytes]:
    """The document in pieces: what stands before `items`, the rows, the rest."""
    about = view.answer
    opening = {"report": about["report"], "params": about["params"]}
    yield orjson.dumps(opening)[:-1] + b',"items":['
    rows, separator = iter(view.each_row), b""
    while block := b",".join(orjson.dumps(row) for row in islice(rows, ROWS_IN_A_PIECE)):
        yield separator + block
        separator = b","
    closing = {name: about[name] for name in ("summary", "notes", "meta")}
    yield b"]," + orjson.dumps(closing)[1:]
