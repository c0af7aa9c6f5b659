"""Number texts, pounds and conversions: cases F-07, F-08 and F-19 to F-22, and what is like them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from service.mill.rules.numbers import BadCode, BadDay, BadNumber, code, day, number, read_code, read_number
from service.mill.rules.parameters import DEFAULTS
from service.mill.rules.quantities import (
    Fabric,
    NoConversion,
    finished_factor,
    from_units,
    lb_per_yard,
    rounded,
    to_pounds,
    to_units,
)

TODAY = date(2025, 9, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234,567.89", "1234567.89"), ("(1,234.50)", "-1234.50"), ("$4.25 ", "4.25"), ("($12.00)", "-12.00"),
        ("$(12.00)", "-12.00"), ("-3.5", "-3.5"), ("12-", "-12"), (".5", "0.5"), ("+7", "7"), ("$ -5", "-5"),
        ("\u00a01,200.00\u00a0", "1200.00"), ("0012", "12"), ("-0", "0"), (1000, "1000"), (0.1, "0.1"),
    ],
)  # fmt: skip
def test_f007_texts_that_are_numbers(text: object, value: str) -> None:
    assert str(number(text)) == str(Decimal(value))


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "--", "N/A", "na", "NULL", "None", "nan", None, float("nan")]
)
def test_f007_blanks_are_null(text: object) -> None:
    assert number(text) is None
    assert read_number(text).findings == ("NUM_BLANK",)


@pytest.mark.parametrize(
    "text",
    [
        "1,23", "1.234,50", "12..3", "abc", "$", "1e5", "5.", "(-5)", "(5)-", "-5-", "+5-", "(+5)", "--5", "$$5",
        "$($5)", "()", "(", "1 234", ",5", "1,2345", "12,34,567", "0x1", "١٢", "-$5", "5 %", True,
    ],
)  # fmt: skip
def test_f007_texts_that_are_errors(text: object) -> None:
    with pytest.raises(BadNumber) as refused:
        number(text)
    assert (refused.value.code, refused.value.raw) == ("NUM_FORMAT", text)


@pytest.mark.parametrize(
    "raw", ["1000000000.01", "-1,000,000,001", float("inf"), Decimal("NaN"), 10**40, "9" * 64]
)
def test_a_number_beyond_the_range_is_refused(raw: object) -> None:
    with pytest.raises(BadNumber) as refused:
        number(raw)
    assert refused.value.code == "NUM_RANGE"


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("12.5", ()),
        ("-12.5", ()),
        (12, ()),
        ("1,200", ("NUM_TEXT",)),
        ("12 ", ("NUM_TEXT",)),
        ("(5)", ("NUM_TEXT",)),
    ],
)
def test_what_was_taken_off_a_number_is_told(text: object, findings: tuple[str, ...]) -> None:
    assert read_number(text).findings == findings


@pytest.mark.parametrize(
    "raw",
    ["2025-08-25", "8/25/2025", "08-25-25", "45894", 45894, 45894.75, datetime(2025, 8, 25, 14), date(2025, 8, 25),
     "2025-08-25 00:00:00"],
)  # fmt: skip
def test_a_day_is_read_in_each_writing(raw: object) -> None:
    assert day(raw, today=TODAY) == date(2025, 8, 25)


def test_the_other_calendar_of_a_workbook() -> None:
    assert day(45894 - 1462, today=TODAY, epoch_1904=True) == date(2025, 8, 25)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("25/8/2025", "DATE_FORMAT"), ("2025-02-30", "DATE_FORMAT"), ("tomorrow", "DATE_FORMAT"),
        ("1999-12-31", "DATE_RANGE"), ("2028-09-04", "DATE_RANGE"), ("20250825", "DATE_FORMAT"), (0, "DATE_RANGE"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(raw: object, problem: str) -> None:
    with pytest.raises(BadDay) as refused:
        day(raw, today=TODAY)
    assert refused.value.code == problem


def test_the_last_day_that_can_be_meant() -> None:
    assert day("2028-09-03", today=TODAY) == date(2028, 9, 3)
    assert day("2027-02-28", today=date(2024, 2, 29)) == date(2027, 2, 28)
    assert day(" n/a ", today=TODAY) is None


@pytest.mark.parametrize(
    ("raw", "stored", "findings"),
    [
        ("90001", "90001", ()), (90001, "90001", ()), (90001.0, "90001", ()), ("GK1001/1 ", "GK1001/1", ("KEY_TRIM",)),
        ("gk1001", "GK1001", ("KEY_TRIM",)), ("A\u00a0 b", "A B", ("KEY_TRIM",)), ("90001.0", "90001", ("KEY_FLOAT",)),
        (" 90001.00", "90001", ("KEY_TRIM", "KEY_FLOAT")), ("6.30.28.F", "6.30.28.F", ()), ("1.5", "1.5", ()),
    ],
)  # fmt: skip
def test_a_code_is_trimmed_and_capital(raw: object, stored: str, findings: tuple[str, ...]) -> None:
    read = read_code(raw)
    assert (read.value, read.findings, code(raw)) == (stored, findings, stored)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("9.0001E4", "KEY_FLOAT"),
        ("9e+04", "KEY_FLOAT"),
        (1e22, "KEY_FLOAT"),
        (" ", "KEY_MISSING"),
        (None, "KEY_MISSING"),
    ],
)
def test_a_code_that_is_none_is_refused(raw: object, problem: str) -> None:
    with pytest.raises(BadCode) as refused:
        code(raw)
    assert refused.value.code == problem


def test_f008_ten_thousand_tenths_are_a_thousand() -> None:
    assert from_units(sum([to_units(Decimal("0.1"))] * 10_000)) == 1000
    assert str(from_units(to_units(Decimal("1234567.89")))) == "1234567.8900"


@pytest.mark.parametrize(
    ("value", "units"),
    [("0.00005", 1), ("0.00004999", 0), ("-0.00005", -1), ("999999999.99995", 10_000_000_000_000)],
)
def test_half_a_unit_goes_up(value: str, units: int) -> None:
    assert to_units(Decimal(value)) == units


def test_f019_waste_and_shrinkage_multiply() -> None:
    assert finished_factor(DEFAULTS) == Decimal("1.0506")
    needs = [
        rounded(1000 * part * finished_factor(DEFAULTS), 2) for part in map(Decimal, ("0.60", "0.25", "0.15"))
    ]
    assert needs == [Decimal("630.36"), Decimal("262.65"), Decimal("157.59")]
    assert sum(needs) == Decimal("1050.60")


def test_f021_yards_by_the_style_s_own_yield() -> None:
    made = to_pounds(Decimal(5000), "yds", Fabric(yds_per_lb=Decimal("1.29"), oz_per_lin_yd=Decimal("12.4")))
    assert (rounded(made.pounds), made.source, made.estimated) == (Decimal("3875.9690"), "yds_per_lb", False)
    assert rounded(made.pounds * Decimal("0.60")) == Decimal("2325.5814")
    finished = made.pounds * finished_factor(DEFAULTS)
    assert (rounded(finished), rounded(finished * Decimal("0.6"))) == (
        Decimal("4072.0930"),
        Decimal("2443.2558"),
    )


def test_f021_yards_by_ounces_a_yard() -> None:
    made = to_pounds(
        Decimal(5000), "yd", Fabric(oz_per_lin_yd=Decimal("12.4"), width_in=Decimal(60), gsm=Decimal(9))
    )
    assert (made.pounds, made.source) == (Decimal(3875), "oz_per_lin_yd")


@pytest.mark.parametrize(
    ("unit", "fabric"), [("yd", Fabric(width_in=Decimal(60))), ("panels", Fabric()), ("m", Fabric())]
)
def test_f021_without_a_factor_there_is_no_conversion(unit: str, fabric: Fabric) -> None:
    with pytest.raises(NoConversion) as refused:
        to_pounds(Decimal(5000), unit, fabric)
    assert refused.value.code == "NO_CONVERSION"


def test_f022_yards_by_width_and_weight() -> None:
    assert rounded(lb_per_yard(Decimal(60), Decimal(180)), 6) == Decimal("0.553004")
    made = to_pounds(Decimal(1000), "yards", Fabric(width_in=Decimal(60), gsm=Decimal(180)))
    assert (rounded(made.pounds), made.source, made.estimated) == (Decimal("553.0036"), "width_gsm", True)


def test_kilograms_and_pieces() -> None:
    assert to_pounds(Decimal(100), "kg", Fabric()).pounds == Decimal("220.462262")
    assert to_pounds(Decimal(30), "each", Fabric(lb_per_piece=Decimal("1.5"))).pounds == 45
