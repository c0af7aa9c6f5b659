"""Many rows at once: binary COPY to and from NumPy columns, without a Python object per value.

Layout: PostgreSQL documentation, COPY, "Binary Format". Every column read or written here is fixed-width
and never null, so a row is a fixed record; queries say what stands for null.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from service.core.database import ReadConnection, WriteConnection, copy_bytes, copy_out

Columns = dict[str, npt.NDArray[Any]]

_HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_EPOCH_DAY: Final = np.datetime64("2000-01-01", "D")
_EPOCH: Final = np.datetime64("2000-01-01T00:00:00", "us")


@dataclass(frozen=True, slots=True)
class Kind:
    """A PostgreSQL type of fixed width: how it travels, and what it is here."""

    wire: str
    dtype: str


KINDS: Final = {
    "int2": Kind(">i2", "int64"),
    "int4": Kind(">i4", "int64"),
    "int8": Kind(">i8", "int64"),
    "bool": Kind("?", "bool"),
    "date": Kind(">i4", "datetime64[D]"),
    "timestamp": Kind(">i8", "datetime64[s]"),
    "char4": Kind("S4", "S4"),
}
NEVER: Final = np.datetime64("NaT", "s")


async def copy_columns(
    conn: ReadConnection, query: str, kinds: Mapping[str, str], *arguments: Any
) -> Columns:
    """The rows of a query as columns; `kinds` names its columns in order, each one of `KINDS`."""
    return decode(await copy_out(conn, query, *arguments), kinds)


def decode(data: bytes, kinds: Mapping[str, str]) -> Columns:
    """Binary COPY output as columns.

    Raises `ValueError` when the data do not have this layout (a null, or a column of another width).
    """
    dtype = _record(kinds)
    size = len(data) - len(_HEADER) - len(_TRAILER)
    if size < 0 or size % dtype.itemsize:
        raise ValueError("the rows are not of the fixed width their kinds say (is a value null?)")
    records = np.frombuffer(data, dtype, count=size // dtype.itemsize, offset=len(_HEADER))
    if len(records) and (records["fields"] != len(kinds)).any():
        raise ValueError("the rows do not have the columns their kinds say")
    return {name: _native(records[name], kind) for name, kind in kinds.items()}


def _record(kinds: Mapping[str, str]) -> np.dtype[np.void]:
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in kinds.items():
        fields += [(f"{name} length", ">i4"), (name, KINDS[kind].wire)]
    return np.dtype(fields)


def _native(values: npt.NDArray[Any], kind: str) -> npt.NDArray[Any]:
    if kind == "date":
        return _EPOCH_DAY + values.astype("timedelta64[D]")
    if kind == "timestamp":
        return (_EPOCH + values.astype("timedelta64[us]")).astype("datetime64[s]")
    return values.astype(KINDS[kind].dtype)


def encode(
    columns: Mapping[str, npt.NDArray[Any]],
    kinds: Mapping[str, str],
    lists: str | None = None,
    offsets: npt.NDArray[np.int64] | None = None,
) -> bytes:
    """Columns as binary COPY input; with `lists`, a last column of bigint arrays cut at `offsets`.

    Rows whose arrays are equally long share a fixed record, so they are written group by group.
    """
    if lists is None:
        return _HEADER + _records(columns, kinds, None).tobytes() + _TRAILER
    assert offsets is not None
    lengths = np.diff(offsets)
    parts = [_HEADER]
    for length in np.unique(lengths):
        chosen = np.flatnonzero(lengths == length)
        taken = {name: columns[name][chosen] for name in kinds}
        at = offsets[:-1][chosen][:, None] + np.arange(length)
        parts.append(_records(taken, kinds, columns[lists][at]).tobytes())
    return b"".join([*parts, _TRAILER])


def _records(
    columns: Mapping[str, npt.NDArray[Any]], kinds: Mapping[str, str], arrays: npt.NDArray[Any] | None
) -> npt.NDArray[np.void]:
    fields = list(_record(kinds).descr)
    count = 0 if arrays is None else arrays.shape[1]
    if arrays is not None:
        fields += _array_fields(count)
    records = np.zeros(len(next(iter(columns.values()))), np.dtype(fields))
    records["fields"] = len(kinds) + (arrays is not None)
    for name, kind in kinds.items():
        records[name] = _foreign(columns[name], kind)
        records[f"{name} length"] = records.dtype[name].itemsize
    if arrays is not None:
        records["array length"] = 12 + (8 + 12 * count if count else 0)
        records["array element oid"] = 20  # bigint
        if count:
            records["array dimensions"], records["array count"], records["array lower"] = 1, count, 1
        for position in range(count):
            records[f"array {position} length"] = 8
            records[f"array {position}"] = arrays[:, position]
    return records


def _array_fields(count: int) -> list[Any]:
    names = ["array length", "array dimensions", "array flags", "array element oid"]
    fields: list[Any] = [(name, ">i4") for name in names]
    if count:
        fields += [("array count", ">i4"), ("array lower", ">i4")]
    for position in range(count):
        fields += [(f"array {position} length", ">i4"), (f"array {position}", ">i8")]
    return fields


def _foreign(values: npt.NDArray[Any], kind: str) -> npt.NDArray[Any]:
    if kind == "date":
        return (values.astype("datetime64[D]") - _EPOCH_DAY).astype(np.int64)
    if kind == "timestamp":
        return (values.astype("datetime64[us]") - _EPOCH).astype(np.int64)
    return values


async def copy_encoded(conn: WriteConnection, table: str, columns: Sequence[str], data: bytes) -> None:
    """COPY encoded rows into a table, within the transaction of `conn`."""
    await copy_bytes(conn, table, columns, _pieces(data))


async def _pieces(data: bytes, size: int = 1 << 18) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
