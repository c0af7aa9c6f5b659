"""The table of B.5 as the specification has it, and what a mode makes of it."""

import pytest

from service.mill.files.codes import CODES
from service.mill.files.telling import Told

TABLE = """
NUM_FORMAT EE NUM_TEXT II NUM_RANGE EE NUM_BLANK II ALLOC_SIGN WE CONSUMED_SIGN WE ON_ORDER_NEG EE TB_MISMATCH WE
PB_MISMATCH WE TB_NEGATIVE WW COST_ZERO WW COST_MISSING WW COST_TOTAL_MISMATCH II KEY_MISSING EE KEY_DUP_SAME WW
KEY_DUP_DIFF EE KEY_TRIM II KEY_FLOAT WE YARN_UNKNOWN WE STYLE_UNKNOWN WE BOM_PLACEHOLDER II BOM_SCALE_PERCENT WW
BOM_SCALE_MIXED EE BOM_RANGE EE BOM_DUP_SAME WW BOM_DUP_SUMMED WW BOM_SUM_NEAR WW BOM_SUM_OFF WE BOM_CYCLE EE
KO_HTML WW KO_BALANCE WW KO_OVERSHIP WW KO_NO_DATES WW PO_BUCKETS EE PO_SUM WW DATE_FORMAT WE DATE_RANGE WE
WC_FORMAT EE RATE_NEG WW SUPPLIER_REMOVE II LEAD_UNIT EE SIZE_DATE WW HEADER_MISSING EE HEADER_DUPLICATE EE
HEADER_UNKNOWN II ROW_TOTAL II ENC WE FORMULA II TB_ONLY II
""".split()
LETTERS = {"E": "error", "W": "warning", "I": "info"}


@pytest.mark.parametrize(("code", "letters"), list(zip(TABLE[::2], TABLE[1::2], strict=True)))
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
