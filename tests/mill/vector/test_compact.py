"""A compact frame holds exactly what it held, in less room, and says of each column what it did."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from service.mill.vector import Coded, Sparse, compact
from tests.mill.vector.kinds import KINDS, ColumnFrame, Series, image


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_every_value_is_there_again(kind: Any, seed: int) -> None:
    chance = np.random.default_rng(seed)
    width = int(chance.integers(1, 63))
    frame = kind(
        {
            "whole": chance.integers(-(2**width), 2**width, 200),
            "exact": chance.integers(-(10**6), 10**6, 200) / 4,
            "lossy": chance.random(200),
            "holes": np.where(chance.random(200) < 0.5, np.nan, 0.25),
            "text": np.array(["a", "", "nan", "None"], dtype=object)[chance.integers(0, 4, 200)],
            "mixed": np.array(["a", 1, None, 2.5], dtype=object)[chance.integers(0, 4, 200)],
            "yes": chance.random(200) < 0.5,
            "day": np.datetime64("2025-01-01", "s") + chance.integers(0, 400, 200).astype("timedelta64[s]"),
        }
    )
    before = image(frame)
    found = compact(frame, sparse=bool(seed % 2))
    assert image(frame) == before
    assert found.rows_dropped == 0
    assert found.bytes_after <= found.bytes_before
    for report in found.columns:
        was, now = (np.asarray(one[report.name]) for one in (frame, found.frame))
        assert [alike(value) for value in was.tolist()] == [alike(value) for value in now.tolist()]
        assert (report.unchanged is None) == (
            report.now != report.was or report.bytes_after < report.bytes_before
        )


def alike(value: Any) -> Any:
    return "NaN" if isinstance(value, float) and math.isnan(value) else (type(value), value)


def test_each_column_says_what_became_of_it() -> None:
    frame = {
        "small": np.arange(-60, 60),
        "edge": np.tile([-128, 127], 60),
        "huge": np.arange(120) + 2**62,
        "half": np.tile([0.5, np.nan], 60),
        "tenth": np.full(120, 0.1),
        "text": ["spun", "filament"] * 60,
        "names": [f"yarn {n}" for n in range(120)],
        "none": np.array([None, "a"] * 60, dtype=object),
        "nulls": np.array([None, float("nan")] * 60, dtype=object),
    }
    found = {one.name: (one.was, one.now, one.unchanged) for one in compact(frame).columns}
    assert found == {
        "small": ("int64", "int8", None),
        "edge": ("int64", "int16", None),
        "huge": ("int64", "int64", "its values need int64"),
        "half": ("float64", "float32", None),
        "tenth": ("float64", "float64", "float32 would lose digits"),
        "text": ("list", "object", None),
        "names": ("list", "list", "would not be smaller"),
        "none": ("object", "object", None),
        "nulls": ("object", "object", "holds other things than text"),
    }
    made = compact(frame).frame
    assert isinstance(made["text"], Coded)
    assert np.asarray(made["none"]).tolist() == [None, "a"] * 60


def test_whole_numbers_that_no_type_holds_stay_what_they_are() -> None:
    frame = {"huge": [2**63, -1], "long": [2**70, 1], "index": pd.Index(["a", "b"])}
    found = compact(frame)
    assert (found.frame["huge"], found.frame["long"]) == (frame["huge"], frame["long"])
    assert [one.unchanged for one in found.columns][:2] == ["holds other things than text"] * 2


def test_whole_numbers_with_nulls_are_narrowed_too() -> None:
    values = {"few": [1, None, 63], "many": [1, None, 64], "none": [None] * 3, "big": [2**62, None, 1]}
    frame = pd.DataFrame({name: pd.array(held, dtype="Int64") for name, held in values.items()})
    found = compact(frame)
    assert [str(found.frame[name].dtype) for name in values] == ["Int8", "Int16", "Int64", "Int64"]
    assert found.frame.astype("Int64").equals(frame)


def test_columns_of_others_that_name_their_types_as_pandas_does_are_left() -> None:
    class Named(Series):
        dtype = "Int64"

    frame = ColumnFrame({"a": np.array([1, 2])})
    frame._columns["a"] = Named(np.array([1, 2]))
    [told] = compact(frame).columns
    assert told.unchanged == "left as it is"


@pytest.mark.parametrize("kind", [dict, pd.DataFrame])
def test_floats_that_are_mostly_zero_are_sparse_and_keep_the_sign_of_each(kind: Any) -> None:
    values = np.where(np.arange(1000) % 10 == 0, 1 / 3, 0.0)
    signed = np.where(np.arange(1000) == 5, -0.0, values)
    found = compact(kind({"zeros": values, "signed": signed}), sparse=True)
    assert found.columns[0].bytes_after < 2000
    assert found.columns[1].unchanged == "float32 would lose digits"
    for name, before in (("zeros", values), ("signed", signed)):
        now = np.asarray(found.frame[name])
        assert now.tolist() == before.tolist()
        assert all(isinstance(one, float) for one in found.frame[name])
        assert np.signbit(now).tolist() == np.signbit(before).tolist()


def test_only_storage_may_use_the_whole_of_a_type() -> None:
    frame = {"edge": np.array([-128, 127])}
    assert np.asarray(compact(frame, headroom=1).frame["edge"]).dtype == np.int8
    with pytest.raises(ValueError, match="at least 1"):
        compact({"edge": np.array([1000])}, headroom=0)


@pytest.mark.parametrize("kind", [dict, pd.DataFrame])
def test_mostly_empty_columns_are_sparse_when_asked(kind: Any) -> None:
    numbers = np.where(np.arange(1000) % 10 == 0, np.arange(1000), 0)
    floats = np.where(numbers == 0, np.nan, numbers / 3)
    frame = kind({"numbers": numbers, "floats": floats})
    assert compact(frame).columns[1].unchanged == "float32 would lose digits"
    found = compact(frame, sparse=True)
    assert found.saved is not None
    assert found.saved > 0.8
    assert np.asarray(found.frame["numbers"]).tolist() == numbers.tolist()
    assert np.array_equal(np.asarray(found.frame["floats"]), floats, equal_nan=True)
    if kind is dict:
        assert isinstance(found.frame["floats"], Sparse)
        assert np.asarray(found.frame["floats"].take(np.array([990, 10]))).tolist() == [330.0, 10 / 3]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_f090_no_row_is_dropped_unasked(kind: Any) -> None:
    frame = kind({"a": np.zeros(100_001, dtype=np.int64), "t": np.full(100_001, "x", dtype=object)})
    assert len(compact(frame).frame["a"]) == 100_001
    dropped = compact(frame, drop_duplicates=True)
    assert len(dropped.frame["t"]) == 1
    assert dropped.rows_dropped == 100_000


def test_of_equal_rows_the_first_stays_and_a_null_is_no_text() -> None:
    frame = {"a": ["x", None, "x", "None", None], "b": [1, 1, 1, 1, 1]}
    found = compact(frame, drop_duplicates=True)
    assert np.asarray(found.frame["a"]).tolist() == ["x", None, "None"]
    assert found.rows_dropped == 2
