"""Tidy text as a table operation (mill spec A.2 row 10, B.5 KEY_TRIM and NUM_TEXT)."""

from collections.abc import Callable, Sequence
from typing import Any

from service.mill.rules.numbers import BadNumber, number
from service.mill.vector.frames import Columns, F, objects
from service.mill.vector.reading import Answer, CellError, Memo, sorted_errors


def clean_text(
    frame: F, columns: Sequence[str], *, upper: Sequence[str] = (), amounts: Sequence[str] = ()
) -> Answer[F]:
    """The frame with the text of the named columns tidied; values that are no text stay as they are.

    All of them: ends trimmed, runs of blanks and no-break spaces become one blank. `upper` (codes): upper
    case too. `amounts`: `$`, commas and brackets leave a text the number rule reads (`$1,234.50 ` is
    `1234.50`, `(12.00)` is `-12.00`); any other text stays and is listed. Raises `MissingColumn`.
    """
    table = Columns(frame)
    ways: dict[str, Callable[[str], str]] = dict.fromkeys([*columns, *upper, *amounts], tidy)
    ways |= dict.fromkeys(upper, lambda text: tidy(text).upper()) | dict.fromkeys(amounts, _plain)
    made, errors = {}, []
    for name, way in ways.items():
        array = table.array(name)
        if array.dtype.kind not in "OUT":
            continue
        memo = Memo(way)
        values = [memo[raw] if isinstance(raw, str) else raw for raw in array.tolist()]
        made[name] = objects(values)
        if name in amounts:
            errors.append(_unreadable(name, array.tolist(), values))
    return Answer(table.with_columns(made), sorted_errors(*errors))


def tidy(text: str) -> str:
    """Without blanks at the ends and with single ones inside (no-break spaces are blanks)."""
    return " ".join(text.split())


def _plain(text: str) -> str:
    try:
        value = number(text)
    except BadNumber:
        return tidy(text)
    return tidy(text) if value is None else f"{value:f}"


def _unreadable(name: str, raws: Sequence[Any], values: Sequence[Any]) -> list[CellError]:
    """Texts of an amount that are no number."""
    memo = Memo(_is_readable)
    pairs = enumerate(zip(raws, values, strict=True))
    return [
        CellError(row, name, raw, "NUM_FORMAT")
        for row, (raw, value) in pairs
        if isinstance(value, str) and not memo[value]
    ]


def _is_readable(text: str) -> bool:
    try:
        number(text)
    except BadNumber:
        return False
    return True
