"""What a file is, where nobody says: by its name, or by the columns it has."""

import re
from pathlib import Path
from typing import Final

from service.mill.files.header import fit
from service.mill.files.kinds import SHAPES
from service.mill.files.reading import first_rows, opened

ORDER: Final = (
    "suppliers", "yarn_inventory", "styles", "bom", "style_map", "machines", "rates", "knit_orders",
    "yarn_po", "expected_receipts", "yarn_demand", "sales", "forecasts", "stage_inventory",
)  # fmt: skip
"""Kinds in the order in which they are read: what others refer to comes first."""
_NAMES: Final = (
    ("style_map", r"style.?map|fstyle"),
    ("yarn_demand", r"yarn.?demand|demand"),
    ("expected_receipts", r"expected|receipts?"),
    ("yarn_po", r"yarn.?po|purchase"),
    ("yarn_inventory", r"yarn.?inventory|yarn.?master"),
    ("stage_inventory", r"stage|rolls?|(?<![a-z0-9])(?:f01|g00|g02|i01|p01)(?![a-z0-9])"),
    ("knit_orders", r"knit.?orders?|(?<![a-z])ko(?![a-z])"),
    ("forecasts", r"forecasts?"),
    ("suppliers", r"suppliers?|vendors?"),
    ("machines", r"machines?"),
    ("rates", r"rates?(?![a-z])"),
    ("bom", r"bom"),
    ("sales", r"sales"),
    ("styles", r"styles?(?![a-z])"),
)
"""Words in a file's name, the more telling first: a map of styles is no list of styles."""


def recognised(path: Path, name: str | None = None) -> str | None:
    """The kind of a file: what its name says and its columns allow, else the kind they fit best.

    None where no kind has all the columns it needs. Raises `Invalid` for a file that cannot be read.
    """
    with opened(path) as lines:
        rows = [cells for _, cells in first_rows(lines)[0]]
    fitting: dict[str, tuple[int, int]] = {}
    for kind, shapes in SHAPES.items():
        for shape in shapes:
            tried = [fit(shape, cells) for cells in rows]
            whole = [(matching, len(shape.needs)) for lacking, matching in tried if not lacking]
            fitting |= {kind: max(fitting.get(kind, (0, 0)), *whole)} if whole else {}
    said = named((name or path.name).casefold())
    if said in fitting or not fitting:
        return said if said in fitting else None
    return max(fitting, key=lambda kind: (*fitting[kind], -ORDER.index(kind)))


def named(name: str) -> str | None:
    """What a file's name says that it is."""
    return next((kind for kind, pattern in _NAMES if re.search(pattern, name)), None)
