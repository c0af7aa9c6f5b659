"""What an import can have to say, and how bad it is: the table of spec B.5."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "info"]
Action = Literal["rejected", "repaired", "kept", "skipped"]
Mode = Literal["dry_run", "strict", "lenient"]
E: Final = "error"
W: Final = "warning"
I: Final = "info"  # noqa: E741  the letters of the spec's table


@dataclass(frozen=True, slots=True)
class Rule:
    """How bad a code is, how bad in a strict import, and what becomes of the row or cell."""

    severity: Severity
    strict: Severity
    action: Action

    def in_mode(self, mode: Mode) -> tuple[Severity, Action]:
        """A dry run tells what a lenient import would do."""
        if mode != "strict":
            return self.severity, self.action
        return self.strict, "rejected" if self.strict == "error" else self.action


CODES: Final[Mapping[str, Rule]] = {
    "NUM_FORMAT": Rule(E, E, "rejected"),
    "NUM_TEXT": Rule(I, I, "repaired"),
    "NUM_RANGE": Rule(E, E, "rejected"),
    "NUM_BLANK": Rule(I, I, "kept"),
    "ALLOC_SIGN": Rule(W, E, "repaired"),
    "CONSUMED_SIGN": Rule(W, E, "repaired"),
    "ON_ORDER_NEG": Rule(E, E, "rejected"),
    "TB_ONLY": Rule(I, I, "repaired"),
    "TB_MISMATCH": Rule(W, E, "repaired"),
    "PB_MISMATCH": Rule(W, E, "repaired"),
    "TB_NEGATIVE": Rule(W, W, "kept"),
    "COST_ZERO": Rule(W, W, "repaired"),
    "COST_MISSING": Rule(W, W, "kept"),
    "COST_TOTAL_MISMATCH": Rule(I, I, "kept"),
    "KEY_MISSING": Rule(E, E, "rejected"),
    "KEY_DUP_SAME": Rule(W, W, "skipped"),
    "KEY_DUP_DIFF": Rule(E, E, "rejected"),
    "KEY_LONG": Rule(E, E, "rejected"),
    "KEY_TRIM": Rule(I, I, "repaired"),
    "KEY_FLOAT": Rule(W, E, "repaired"),
    "YARN_UNKNOWN": Rule(W, E, "kept"),
    "STYLE_UNKNOWN": Rule(W, E, "kept"),
    "BOM_PLACEHOLDER": Rule(I, I, "skipped"),
    "BOM_SCALE_PERCENT": Rule(W, W, "repaired"),
    "BOM_SCALE_MIXED": Rule(E, E, "rejected"),
    "BOM_RANGE": Rule(E, E, "rejected"),
    "BOM_DUP_SAME": Rule(W, W, "skipped"),
    "BOM_DUP_SUMMED": Rule(W, W, "repaired"),
    "BOM_DUP_DIFF": Rule(E, E, "rejected"),
    "BOM_SUM_NEAR": Rule(W, W, "kept"),
    "BOM_SUM_OFF": Rule(W, E, "kept"),
    "BOM_CYCLE": Rule(E, E, "rejected"),
    "KO_HTML": Rule(W, W, "repaired"),
    "KO_BALANCE": Rule(W, W, "repaired"),
    "KO_OVERSHIP": Rule(W, W, "kept"),
    "KO_NO_DATES": Rule(W, W, "kept"),
    "MACHINE_UNKNOWN": Rule(I, I, "skipped"),
    "PO_BUCKETS": Rule(E, E, "rejected"),
    "PO_SUM": Rule(W, W, "kept"),
    "DATE_FORMAT": Rule(W, E, "repaired"),
    "DATE_RANGE": Rule(W, E, "repaired"),
    "WC_FORMAT": Rule(E, E, "rejected"),
    "RATE_NEG": Rule(W, W, "repaired"),
    "SUPPLIER_REMOVE": Rule(I, I, "repaired"),
    "LEAD_UNIT": Rule(E, E, "rejected"),
    "SIZE_DATE": Rule(W, W, "repaired"),
    "HEADER_MISSING": Rule(E, E, "rejected"),
    "HEADER_DUPLICATE": Rule(E, E, "rejected"),
    "HEADER_UNKNOWN": Rule(I, I, "skipped"),
    "ROW_TOTAL": Rule(I, I, "skipped"),
    "ROW_VANISHED": Rule(W, W, "repaired"),
    "ROW_LONG": Rule(E, E, "rejected"),
    "SHRUNK": Rule(E, E, "rejected"),
    "SNAPSHOT_OLDER": Rule(W, E, "kept"),
    "UNIT_UNKNOWN": Rule(E, E, "rejected"),
    "CODE_UNKNOWN": Rule(W, E, "repaired"),
    "DEMAND_DIFFERS": Rule(W, W, "kept"),
    "ENC": Rule(W, E, "repaired"),
    "FORMULA": Rule(I, I, "kept"),
}
"""Spec B.5. Ours beside it: TB_ONLY, ROW_VANISHED and the shrink guard of E.8; a file of a day before that of
the one in force; a row longer than its header; a code of a hundred characters; a machine that is not in the
list of machines; a unit or a word that nobody knows; the identities of the mill's own demand report (I5, I6,
I8)."""
REJECTS: Final = Rule(E, E, "rejected")
"""A cell that cannot be used at all: an exponent in a key, a day that has to be there."""
