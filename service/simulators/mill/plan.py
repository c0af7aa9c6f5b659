"""What is made up: which mill, of what size, seen on which day, from which seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zlib import crc32

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is of everything (spec G.1), and the shares that were measured (spec B.1).

    The first `bom_yarns` of the stocked yarns and all `unstocked_yarns` stand in recipes; `levels` counts the
    edges from a finished style down to a yarn.
    """

    yarns: int
    bom_yarns: int
    unstocked_yarns: int
    styles: int
    bare_styles: int
    finished_styles: int
    levels: int
    bom_lines: int
    orders: int
    machines: int
    centres: int
    suppliers: int
    removed_suppliers: int
    po_lines: int
    sales: int
    open_sales: int
    map_rows: int
    rolls: Mapping[str, int]
    running: float = 0.15
    """Share of the stocked yarns that the styles in production use."""
    on_order: float = 0.06
    without_quote: float = 128 / 195
    incomplete: float = 0.03
    """Share of the recipes that add to 63 % only."""
    twice: float = 2_324 / 6_110
    """Lines that stand twice in the file, for each style."""


_STAGES: Final = {"F01": 10_177, "G00": 1_799, "G02": 1_965, "I01": 323}
SIZES: Final[Mapping[str, Size]] = {
    "tiny": Size(
        yarns=60, bom_yarns=48, unstocked_yarns=3, styles=36, bare_styles=4, finished_styles=20, levels=3,
        bom_lines=160, orders=60, machines=12, centres=5, suppliers=8, removed_suppliers=2, po_lines=16,
        sales=200, open_sales=15, map_rows=30, rolls={"F01": 40, "G00": 40, "G02": 20, "I01": 10},
        running=0.4, on_order=0.15, without_quote=0.15, incomplete=0.06, twice=0.1,
    ),
    "S": Size(
        yarns=1_200, bom_yarns=805, unstocked_yarns=871, styles=6_110, bare_styles=41,
        finished_styles=3_178, levels=3, bom_lines=28_653, orders=195, machines=285, centres=91,
        suppliers=37, removed_suppliers=10, po_lines=79, sales=10_338, open_sales=133, map_rows=11_416,
        rolls=_STAGES,
    ),
    "M": Size(
        yarns=5_000, bom_yarns=3_400, unstocked_yarns=2_000, styles=30_000, bare_styles=600,
        finished_styles=9_000, levels=4, bom_lines=150_000, orders=5_000, machines=285, centres=91,
        suppliers=60, removed_suppliers=12, po_lines=1_000, sales=100_000, open_sales=2_000,
        map_rows=33_000, rolls={stage: count * 7 for stage, count in _STAGES.items()},
    ),
    "L": Size(
        yarns=20_000, bom_yarns=14_000, unstocked_yarns=8_000, styles=100_000, bare_styles=4_000,
        finished_styles=30_000, levels=6, bom_lines=500_000, orders=50_000, machines=1_000, centres=300,
        suppliers=150, removed_suppliers=20, po_lines=10_000, sales=1_000_000, open_sales=20_000,
        map_rows=110_000, rolls={stage: count * 30 for stage, count in _STAGES.items()},
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One mill on one day; equal plans make equal files.

    `whole` leaves out what a strict import refuses: recipes that add to 63 % and yarns that are in no stock.
    """

    as_of: date
    size: str = "tiny"
    seed: int = 7
    whole: bool = False

    @property
    def counts(self) -> Size:
        """The numbers of this size.

        Raises `ValueError` where there is no such size.
        """
        if self.size not in SIZES:
            raise ValueError(f"there is no size {self.size!r}; there are {', '.join(SIZES)}")
        return SIZES[self.size]

    def chance(self, part: str) -> np.random.Generator:
        """The chance of one part, the same whatever else is made."""
        return np.random.default_rng([self.seed, crc32(part.encode())])
