"""Recipes (B.1): a style, what goes into it, how much; what a whole recipe adds to is judged afterwards."""

from decimal import Decimal
from typing import Final

from service.mill.files.cells import AMOUNT, CODE, DAY, NUMBER, SOME_CODE, TEXT, ZERO
from service.mill.files.kind import Column, Kind, Record
from service.mill.files.kinds.stock import YARN
from service.mill.rules.recipes import FIRST_DAY

STYLE: Final = ("Style#", "Style #", "Style", "gStyle", "gStyle#", "Style_ID", "style_num")
PART: Final = ("BOM_Percentage", "BOM_Percent", "BOM%", "BOM %", "Percentage", "Percent", "Pct")
_NO_YARN: Final = (None, "0")
"""One variant of the file has 0 where others have a blank."""
_MOST_LOSS: Final = Decimal("0.999999")


def _check(record: Record) -> None:
    """A style with nothing or zeros beside it holds a place (B.1); a line without yarn or part is none."""
    yarn, part = record.get("yarn_code"), record.get("component_style")
    quantity = record.get("quantity_per", ZERO)
    record.values["quantity_per"] = quantity
    if record.rejected:
        return
    if yarn in _NO_YARN and part in _NO_YARN and not quantity:
        record.tell("yarn_code", "BOM_PLACEHOLDER", "A style without yarn: left out")
        record.skip()
    elif yarn is None and part is None:
        record.tell("yarn_code", "KEY_MISSING", "Yarn code is empty")
    elif yarn is not None and part is not None:
        record.tell("yarn_code", "BOM_RANGE", "A line names a yarn or a style, not both")
    elif record.get("valid_to") is not None and record.values["valid_to"] <= record.get(
        "valid_from", FIRST_DAY
    ):
        record.tell("valid_to", "DATE_RANGE", "Ends before it begins", rejects=True)
    elif record.get("loss") is not None and not 0 <= record.values["loss"] <= _MOST_LOSS:
        record.tell("loss", "NUM_RANGE", "A loss is a fraction from 0 to below 1")


BOM: Final = Kind(
    name="bom",
    title="Recipes (bill of material)",
    semantics="replace_per_style",
    key=(),
    needs=(("style_code",), ("yarn_code", "component_style"), ("quantity_per",)),
    check=_check,
    columns=(
        Column("style_code", CODE, STYLE),
        Column("component_style", SOME_CODE, ("Component Style", "Component", "Component Style#")),
        Column("yarn_code", SOME_CODE, YARN),
        Column("quantity_per", NUMBER, PART),
        Column("unit", TEXT, ("unit",), stored=False),
        Column("loss", NUMBER, ("Loss", "Loss Pct")),
        Column("setup_lb", AMOUNT, ("Setup (lbs)", "Setup Loss (lbs)")),
        Column("valid_from", DAY, ("Valid From",)),
        Column("valid_to", DAY, ("Valid To",)),
    ),
)  # fmt: skip
