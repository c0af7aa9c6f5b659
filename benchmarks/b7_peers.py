"""What B7 is held against in this process: a loop over rows of frames, one over tuples, a merge of frames.

All answer the same: orders, yarns (positions) and pounds in columns by order, then yarn. They count in
floats, as the predecessor did.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.mill_sets import Lines, Orders

Needed = tuple[Any, Any, Any]
Held = Mapping[int, Sequence[tuple[int, int, float]]]
"""Per style its lines: yarn, style (-1 where it is the other), pounds for a pound with the loss."""
CENTS: Final = 100
FRACTIONS: Final = 10_000


def frames(orders: Orders, lines: Lines) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders and recipes as frames."""
    of_orders = pd.DataFrame({"order": np.arange(len(orders)), "style": orders.style,
                              "pounds": orders.cents / CENTS})  # fmt: skip
    of_lines = pd.DataFrame({"style": lines.style, "yarn": lines.yarn, "part": lines.part,
                             "per": lines.per / FRACTIONS, "loss": lines.loss / FRACTIONS})  # fmt: skip
    return of_orders, of_lines


def tuples(orders: Orders, lines: Lines) -> tuple[list[tuple[int, float]], Held]:
    """Orders as tuples, recipes as tuples by style."""
    held: dict[int, list[tuple[int, int, float]]] = {}
    factors = (lines.per / FRACTIONS * (1 + lines.loss / FRACTIONS)).tolist()
    for style, yarn, part, factor in zip(
        lines.style.tolist(), lines.yarn.tolist(), lines.part.tolist(), factors, strict=True
    ):
        held.setdefault(style, []).append((yarn, part, factor))
    return list(zip(orders.style.tolist(), (orders.cents / CENTS).tolist(), strict=True)), held


def over_frames(orders: pd.DataFrame, bom: pd.DataFrame) -> Needed:
    """Row by row, as the predecessor's planning did before it was vectorised."""
    found: dict[tuple[int, int], float] = {}
    for _, order in orders.iterrows():
        waiting = [(int(order["style"]), float(order["pounds"]))]
        while waiting:
            style, pounds = waiting.pop()
            for _, line in bom[bom["style"] == style].iterrows():
                needed = pounds * line["per"] * (1 + line["loss"])
                if line["yarn"] < 0:
                    waiting.append((int(line["part"]), needed))
                else:
                    key = (int(order["order"]), int(line["yarn"]))
                    found[key] = found.get(key, 0.0) + needed
    return _columns(found)


def over_tuples(orders: Sequence[tuple[int, float]], held: Held) -> Needed:
    """The same loop without a frame."""
    found: dict[tuple[int, int], float] = {}
    for number, (of, amount) in enumerate(orders):
        waiting = [(of, amount)]
        while waiting:
            style, pounds = waiting.pop()
            for yarn, part, factor in held.get(style, ()):
                if yarn < 0:
                    waiting.append((part, pounds * factor))
                else:
                    key = (number, yarn)
                    found[key] = found.get(key, 0.0) + pounds * factor
    return _columns(found)


def merged(orders: pd.DataFrame, bom: pd.DataFrame) -> Needed:
    """The predecessor's form: a merge a level, sums by order and yarn at the end."""
    waiting, made = orders, []
    while len(waiting):
        rows = waiting.merge(bom, on="style")
        rows["pounds"] *= rows["per"] * (1 + rows["loss"])
        made.append(rows.loc[rows["yarn"] >= 0, ["order", "yarn", "pounds"]])
        below = rows.loc[rows["yarn"] < 0, ["order", "part", "pounds"]]
        waiting = below.rename(columns={"part": "style"})
    total = pd.concat(made).groupby(["order", "yarn"], as_index=False)["pounds"].sum()
    return total["order"].to_numpy(), total["yarn"].to_numpy(), total["pounds"].to_numpy()


def _columns(found: Mapping[tuple[int, int], float]) -> Needed:
    keys = sorted(found)
    orders, yarns = zip(*keys, strict=True) if keys else ((), ())
    return np.array(orders), np.array(yarns), np.array([found[key] for key in keys])
