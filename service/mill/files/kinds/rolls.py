"""Rolls of fabric by stage (B.1): one file of all stages, or one of each stage that only its name tells."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from service.mill.files.cells import (
    AMOUNT,
    CODE,
    DAY,
    POUNDS,
    SOME_CODE,
    STAGE,
    STAGES,
    TEXT,
    Ground,
)
from service.mill.files.kind import Column, Kind, Record
from service.mill.files.kinds.demand import FSTYLE
from service.mill.files.kinds.orders import ORDER
from service.mill.files.kinds.recipes import STYLE
from service.mill.files.telling import Told

_NAMED: Final = re.compile(rf"(?<![A-Z0-9])(?:{'|'.join(STAGES)})(?![A-Z0-9])")


@lru_cache(maxsize=64)
def stage_named(file_name: str) -> str | None:
    """The stage that a file's name says, such as `stage_F01.csv`; None where it says none, or several."""
    found = set(_NAMED.findall(file_name.upper()))
    return found.pop() if len(found) == 1 else None


def _begin(record: Record) -> None:
    record.values["stage"] = stage_named(record.ground.file_name)


def _check_name(
    line: int, _places: Mapping[str, int], _titles: Mapping[str, str], ground: Ground, told: Told
) -> None:
    if stage_named(ground.file_name) is None:
        said = f"There is no column 'Stage', and the name of the file says none ({', '.join(STAGES)})"
        told.tell(line, "HEADER_MISSING", said, column="Stage")


STAGE_INVENTORY: Final = Kind(
    name="stage_inventory",
    title="Rolls of fabric by stage",
    semantics="replace_snapshot",
    key=("roll_no", "stage"),
    needs=(("stage",), ("style_code",), ("roll_no",), ("lb",)),
    columns=(
        Column("stage", STAGE, ("Stage",)),
        Column("style_code", CODE, (*FSTYLE, *STYLE)),
        Column("order_no", SOME_CODE, (*ORDER, "Order")),
        Column("roll_no", CODE, ("Roll #", "Roll#", "Roll", "Roll No")),
        Column("yd", POUNDS, ("Yards", "Yds")),
        Column("lb", AMOUNT, ("Pounds", "Lbs", "Lb")),
        Column("location", TEXT, ("Location", "Place")),
        Column("day", DAY, ("Date",), stored=False),
    ),
)
ROLLS_OF_A_STAGE: Final = replace(
    STAGE_INVENTORY,
    title="Rolls of fabric of one stage",
    needs=STAGE_INVENTORY.needs[1:],
    headed=_check_name,
    begin=_begin,
    extra={"stage": "text"},
    columns=STAGE_INVENTORY.columns[1:],
)
