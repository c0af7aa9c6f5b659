"""The table of B.5 as the specification has it, and what a mode makes of it."""

import pytest

from service.mill.files.codes import CODES
from service.mill.files.telling import Told

TABLE = {
    "EE": """
        NUM_FORMAT NUM_RANGE ON_ORDER_NEG KEY_MISSING KEY_DUP_DIFF BOM_SCALE_MIXED BOM_RANGE
        BOM_CYCLE PO_BUCKETS WC_FORMAT LEAD_UNIT HEADER_MISSING HEADER_DUPLICATE
    """,
    "WE": """
        ALLOC_SIGN CONSUMED_SIGN TB_MISMATCH PB_MISMATCH KEY_FLOAT YARN_UNKNOWN STYLE_UNKNOWN
        BOM_SUM_OFF DATE_FORMAT DATE_RANGE ENC
    """,
    "WW": """
        TB_NEGATIVE COST_ZERO COST_MISSING KEY_DUP_SAME BOM_SCALE_PERCENT BOM_DUP_SAME
        BOM_DUP_SUMMED BOM_SUM_NEAR KO_HTML KO_BALANCE KO_OVERSHIP KO_NO_DATES PO_SUM RATE_NEG
        SIZE_DATE
    """,
    "II": """
        NUM_TEXT NUM_BLANK COST_TOTAL_MISMATCH KEY_TRIM BOM_PLACEHOLDER SUPPLIER_REMOVE
        HEADER_UNKNOWN ROW_TOTAL FORMULA TB_ONLY
    """,
}
"""By severity, and severity in a strict import."""
LETTERS = {"E": "error", "W": "warning", "I": "info"}


@pytest.mark.parametrize(
    ("code", "letters"), [(code, letters) for letters, codes in TABLE.items() for code in codes.split()]
)
def test_the_table_of_the_specification(code: str, letters: str) -> None:
    lenient, strict = (LETTERS[letter] for letter in letters)
    assert (CODES[code].severity, CODES[code].strict) == (lenient, strict)
    for mode, severity in (("lenient", lenient), ("dry_run", lenient), ("strict", strict)):
        told = Told(mode)  # type: ignore[arg-type]
        told.tell(2, code, "so", raw="x", used="y")
        [message] = told.messages()
        assert message.severity == severity
        assert (2 in told.rejected, 2 in told.warned) == (severity == "error", severity == "warning")
        assert (message.used, message.action == "rejected") == (
            (None, True) if severity == "error" else ("y", False)
        )


def test_what_cannot_be_repaired_rejects_whatever_its_code() -> None:
    told = Told("lenient")
    told.tell(2, "KEY_FLOAT", "an exponent", rejects=True)
    assert told.rejected == {2}
