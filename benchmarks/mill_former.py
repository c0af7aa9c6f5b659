"""The ten operations as the predecessor's data-frame module has them (mill spec A.2), written anew.

As there: unreadable is 0, columns are found by their names, every order starts now. What is compared is what
both sides say; as of midnight, so that its clock does not make today overdue.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from benchmarks.mill_ground import AS_OF, ONE_QUANTITY

Tables = dict[str, Any]
Columns = tuple[Any, ...]


def _numbers(frame: Any, name: str) -> Any:
    import pandas as pd  # noqa: PLC0415  # only where it is installed

    return pd.to_numeric(frame[name], errors="coerce").fillna(0)


def balance(frames: Tables) -> Columns:
    """Three columns made numbers and added."""
    frame = frames["inventory"].copy()
    frame["planning_balance"] = sum(
        _numbers(frame, name) for name in ("theoretical_balance", "allocated", "on_order")
    )
    return (frame["planning_balance"],)


def shortages(frames: Tables) -> Columns:
    """Rows below their threshold."""
    frame = frames["inventory"]
    short = frame[frame["planning_balance"] < frame["min_stock"]].copy()
    short["shortage_amount"] = short["min_stock"] - short["planning_balance"]
    short = short.sort_values("planning_balance", kind="stable")
    return short["planning_balance"], short["shortage_amount"]


def explosion(frames: Tables) -> Columns:
    """One level, one quantity, and a running sum."""
    frame = frames["bom"].copy()
    frame["required_quantity"] = frame["quantity_per"] * ONE_QUANTITY
    frame["cumulative_required"] = frame.groupby("yarn_id")["required_quantity"].cumsum()
    return (frame["required_quantity"],)


def allocation(frames: Tables) -> Columns:
    """Joined, sorted, running demand of each yarn."""
    frame = frames["orders"].merge(frames["stock"], on="yarn_id", how="left")
    frame = frame.sort_values(["priority", "due_date", "order_no"])
    frame["running"] = frame.groupby("yarn_id")["required_quantity"].cumsum()
    frame["can_fulfill"] = frame["running"] <= frame["available_quantity"]
    before = frame["running"] - frame["required_quantity"]
    rest = (frame["available_quantity"] - before).clip(lower=0)
    frame["allocated"] = np.where(frame["can_fulfill"], frame["required_quantity"], rest)
    return frame["order_no"], frame["allocated"]


def scheduling(frames: Tables) -> Columns:
    """Running hours of each work centre; every order starts now."""
    frame = frames["orders"].merge(frames["capacity"], on="work_center_id", how="left")
    frame["production_hours"] = frame["quantity"] / frame["production_rate"].fillna(100)
    frame = frame.sort_values(["priority", "due_date", "order_no"])
    frame["running"] = frame.groupby("work_center_id")["production_hours"].cumsum()
    frame["can_schedule"] = frame["running"] <= frame["available_hours"] + 1e-9
    frame["start"] = np.datetime64(AS_OF)
    frame["end"] = frame["start"] + (frame["production_hours"] * 3600).astype("timedelta64[s]")
    return frame["order_no"], frame["running"], frame["can_schedule"]


def cost(frames: Tables) -> Columns:
    """Three columns of costs, and their share of a piece."""
    frame = frames["orders"].copy()
    names = ["material_cost", "labor_cost", "overhead_cost"]
    frame["total_cost"] = frame[names].fillna(0).sum(axis=1)
    frame["cost_per_unit"] = np.where(frame["quantity"] != 0, frame["total_cost"] / frame["quantity"], 0)
    return frame["total_cost"], frame["cost_per_unit"]


def dates(frames: Tables) -> Columns:
    """Text columns named like a date are parsed."""
    import pandas as pd  # noqa: PLC0415

    frame = frames["orders"].copy()
    for name in [one for one in frame.columns if "date" in one or "time" in one]:
        frame[name] = pd.to_datetime(frame[name], errors="coerce")
    frame["lead_time_days"] = (frame["delivery_date"] - frame["order_date"]).dt.days
    frame["days_until_due"] = (frame["due_date"] - pd.Timestamp(AS_OF)).dt.days
    frame["is_overdue"] = frame["days_until_due"] < 0
    return frame["lead_time_days"], frame["days_until_due"]


def aggregation(frames: Tables) -> Columns:
    """Grouped, with joined names."""
    found = frames["orders"].groupby("style_id").agg({"quantity": ["sum", "mean", "max", "count"]})
    found.columns = ["_".join(one) for one in found.columns]
    found = found.reset_index()
    return tuple(found[name] for name in found.columns)


def choice(frames: Tables) -> Columns:
    """The first condition that holds."""
    frame = frames["inventory"].copy()
    have = frame["planning_balance"]
    frame["level"] = np.select([have < -1000, have < -100, have < 0], ["CRITICAL", "HIGH", "MEDIUM"], "LOW")
    return (frame["level"],)


def text(frames: Tables) -> Columns:
    """All text trimmed; columns named like an id in capitals, like a price without money marks."""
    frame = frames["orders"].copy()
    for name in [one for one in frame.columns if frame[one].dtype.kind not in "iufbM"]:
        frame[name] = frame[name].str.strip()
        if "id" in name:
            frame[name] = frame[name].str.upper()
        if any(word in name for word in ("price", "cost", "amount", "quantity")):
            frame[name] = frame[name].str.replace("$", "", regex=False).str.replace(",", "", regex=False)
    return frame["note"], frame["yarn_id"], frame["price"]


WORKS: Final[dict[str, Callable[[Tables], Columns]]] = {
    "planning balance": balance,
    "shortages": shortages,
    "explosion": explosion,
    "allocation": allocation,
    "scheduling": scheduling,
    "cost": cost,
    "dates": dates,
    "aggregation": aggregation,
    "choice": choice,
    "text": text,
}
