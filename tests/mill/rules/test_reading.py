"""Whatever stands in a cell, reading it gives a value or says which rule the cell breaks."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.mill.rules.numbers import BadCode, BadDay, BadNumber, day, number, read_code
from service.mill.rules.quantities import from_units, rounded, to_units

texts = st.text() | st.text("0123456789.,-+$() eE/\u00a0", max_size=12)
cells = texts | st.integers() | st.just(10**5000) | st.floats() | st.decimals() | st.booleans() | st.none()
pounds = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False)


@given(cells)
def test_random_text_is_a_number_or_a_bad_number(raw: object) -> None:
    try:
        read = number(raw)
    except BadNumber:
        return
    assert read is None or (read.is_finite() and abs(read) <= 10**9)


@given(cells)
def test_random_text_is_a_day_or_a_bad_day(raw: object) -> None:
    try:
        read = day(raw, today=date(2025, 9, 3))
    except BadDay:
        return
    assert read is None or date(2000, 1, 1) <= read <= date(2028, 9, 3)


@given(cells)
def test_random_text_is_a_code_or_a_bad_code(raw: object) -> None:
    try:
        read = read_code(raw)
    except BadCode:
        return
    assert read.value
    assert read_code(read.value).value == read.value or read.value.upper() != read.value


@given(pounds)
def test_a_number_that_was_written_is_read_again(value: Decimal) -> None:
    plain = rounded(value, 4)
    assert number(f"{plain:,}") == number(f"{plain:f}") == plain
    assert number(f"({abs(plain):,})") == -abs(plain)
    assert from_units(to_units(plain)) == plain
