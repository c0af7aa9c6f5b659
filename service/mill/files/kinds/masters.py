"""Suppliers, styles, the names styles go by, machines, rates (B.1)."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP
from typing import Final

from service.mill.files.cells import (
    AMOUNT,
    CENTRE,
    CODE,
    DAY,
    MEASURE,
    MOST_MEASURE,
    POUNDS,
    PRICE,
    SOME_CENTRE,
    SOME_CODE,
    TEXT,
    Ground,
)
from service.mill.files.kind import Column, Kind, Record
from service.mill.files.kinds.orders import MACHINE
from service.mill.files.kinds.recipes import STYLE
from service.mill.files.telling import Told
from service.mill.rules.numbers import BadNumber, number

CENTRES: Final = ("WC", "Work Center", "Work Centre")
RATE: Final = ("Lbs/Day", "Lb/Day", "Rate", "Pounds per Day")
MOST_DAYS: Final = 730
_LEAD_TIMES: Final = ("Lead Time (days)", "Lead Time", "Lead", "Lead Time (weeks)")
"""The first is what an export is written with: in days, which its header has to say."""
_REMOVED: Final = "remove"
_DAYS: Final = {"days": 1, "weeks": 7}
_ORIGINS: Final = {
    "import": "international",
    "imported": "international",
    "international": "international",
    "domestic": "domestic",
}


def _check_supplier(record: Record) -> None:
    """A lead time needs its unit; the word Remove in its place takes the supplier out."""
    said = str(record.get("lead_time", "")).strip()
    record.values["active"] = said.casefold() != _REMOVED
    record.values["lead_time_days"] = None
    if said.casefold() == _REMOVED:
        record.tell("lead_time", "SUPPLIER_REMOVE", "Remove: the supplier is no longer active", "inactive")
    elif said:
        _lead_time(record, said)
    origin = str(record.get("origin", "")).casefold()
    record.values["origin"] = _ORIGINS.get(origin, "unknown")
    if origin and origin not in _ORIGINS:
        record.tell("origin", "CODE_UNKNOWN", "Neither Import nor Domestic: unknown", "unknown")


def _lead_unit(title: str, ground: Ground) -> str | None:
    """What lead times are in: as the header says; where it does not, as was asked (B.5)."""
    named = [unit for unit in _DAYS if unit[:-1] in title.casefold()]
    return named[0] if len(named) == 1 else ground.lead_unit


def _check_unit(
    line: int, places: Mapping[str, int], titles: Mapping[str, str], ground: Ground, told: Told
) -> None:
    title = titles.get("lead_time", "")
    if title and _lead_unit(title, ground) is None:
        said = "Days or weeks? The file does not say: give lead_unit"
        told.tell(line, "LEAD_UNIT", said, column=title, at=places["lead_time"], raw=title)


def _lead_time(record: Record, said: str) -> None:
    unit = _lead_unit(record.titles["lead_time"], record.ground)
    try:
        value = number(said)
    except BadNumber as bad:
        record.tell("lead_time", bad.code, str(bad), rejects=True)
        return
    if value is None or unit is None:
        return
    days = (value * _DAYS[unit]).to_integral_value(ROUND_HALF_UP)
    if not 0 <= days <= MOST_DAYS:
        record.tell("lead_time", "NUM_RANGE", f"A lead time is from 0 to {MOST_DAYS} days")
        return
    record.values["lead_time_days"] = int(days)


SUPPLIERS: Final = Kind(
    name="suppliers",
    title="Suppliers",
    semantics="upsert",
    key=("supplier_code",),
    needs=(("supplier_code",), ("lead_time",)),
    headed=_check_unit,
    check=_check_supplier,
    extra={"active": "boolean", "lead_time_days": "int"},
    columns=(
        Column("supplier_code", CODE, ("Supplier ID", "Supplier Code", "Supplier#", "Vendor ID")),
        Column("name", TEXT, ("Supplier", "Name", "Supplier Name", "Vendor")),
        Column("lead_time", TEXT, _LEAD_TIMES, stored=False),
        Column("moq_lb", AMOUNT, ("MOQ", "Minimum")),
        Column("origin", TEXT, ("Type", "Origin")),
    ),
)

_STAGES: Final = ("greige", "finished", "other")
_LOSS_MODES: Final = ("add_on", "yield")


def _check_style(record: Record) -> None:
    _check_rate(record)
    _check_word(record, "stage", _STAGES)
    _check_word(record, "loss_mode", _LOSS_MODES)


def _check_word(record: Record, name: str, known: Sequence[str]) -> None:
    """A blank cell says nothing either: what the style has stays."""
    word = str(record.get(name, "")).casefold().replace("-", "_").replace(" ", "_")
    record.values[name] = word if word in known else None
    if word and word not in known:
        record.tell(name, "CODE_UNKNOWN", f"None of {', '.join(known)}: left as it was")


def _check_rate(record: Record) -> None:
    """The same of a style and of a list of rates (B.5)."""
    rate = record.get("rate_lb_per_day")
    if rate is not None and rate > MOST_MEASURE:
        record.tell("rate_lb_per_day", "NUM_RANGE", f"Must be at most {MOST_MEASURE:,}")
    elif rate is not None and rate <= 0:
        record.values["rate_lb_per_day"] = None
        record.tell("rate_lb_per_day", "RATE_NEG", "Not above 0: the rate of the work centre is taken")


STYLES: Final = Kind(
    name="styles",
    title="Styles",
    semantics="upsert",
    key=("style_code",),
    needs=(("style_code",),),
    check=_check_style,
    columns=(
        Column("style_code", CODE, STYLE),
        Column("base_code", SOME_CODE, ("Base Style", "Base", "gBase")),
        Column("stage", TEXT, ("Stage",)),
        Column("work_center", SOME_CENTRE, CENTRES),
        Column("yds_per_lb", MEASURE, ("Yds/Lbs", "Yds/Lb", "Yards per Pound")),
        Column("oz_per_lin_yd", MEASURE, ("Oz/Lin Yd", "Oz/Lin. Yd.")),
        Column("width_in", MEASURE, ("Width", "Width (in)")),
        Column("gsm", MEASURE, ("Weight", "GSM", "Weight (gsm)")),
        Column("lb_per_piece", MEASURE, ("Lbs/Piece", "Pounds per Piece")),
        Column("rate_lb_per_day", POUNDS, RATE),
        Column("conversion_cost_per_lb", PRICE, ("Conversion Cost", "Conversion Cost/lb")),
        Column("loss_mode", TEXT, ("Loss Mode",)),
    ),
)


def _check_map(record: Record) -> None:
    """The greige style is the column of styles, else base and version."""
    base, version = record.get("base_code"), record.get("base_version")
    target = record.get("style_code")
    if target is None and base is not None:
        target = base if version is None else f"{base}/{version}"
    if target is None:
        record.tell("style_code", "KEY_MISSING", "No style that this name would mean")
    record.values["style_code"] = target


STYLE_MAP: Final = Kind(
    name="style_map",
    title="Finished styles and their greige styles",
    semantics="upsert",
    key=("alias_code", "version", "style_code"),
    needs=(("alias_code",), ("style_code", "base_code")),
    check=_check_map,
    extra={"kind": "text"},
    begin=lambda record: record.values.__setitem__("kind", "fstyle"),
    columns=(
        Column("alias_code", CODE, ("fStyle", "fStyle#", "Finished Style")),
        Column("cfbase", SOME_CODE, ("cFBase",)),
        Column("style_code", SOME_CODE, ("style", "Style#", "Style #", "gStyle", "gStyle#")),
        Column("version", SOME_CODE, ("fVersion",)),
        Column("base_code", SOME_CODE, ("gBase",), stored=False),
        Column("base_version", SOME_CODE, ("gVer",), stored=False),
        Column("created", DAY, ("Created",), stored=False),
    ),
)
BOM_STYLE_MAP: Final = Kind(
    name="style_map",
    title="Styles and the style whose recipe they have",
    semantics="upsert",
    key=("alias_code", "style_code"),
    needs=(("alias_code",), ("style_code",)),
    extra={"kind": "text", "version": "text", "cfbase": "text"},
    part="bom",
    begin=lambda record: record.values.__setitem__("kind", "gstyle"),
    columns=(
        Column("alias_code", CODE, ("Style", "Style#", "Style #")),
        Column("base", SOME_CODE, ("Base",), stored=False),
        Column("style_code", SOME_CODE, ("BOM Style", "BOM Style#")),
    ),
)
MACHINES: Final = Kind(
    name="machines",
    title="Machines",
    semantics="upsert",
    key=("machine_code",),
    needs=(("work_center",), ("machine_code",)),
    columns=(
        Column("work_center", CENTRE, CENTRES),
        Column("machine_code", CODE, MACHINE),
    ),
)


RATES: Final = Kind(
    name="rates",
    title="Production rates",
    semantics="upsert",
    key=("style_code",),
    needs=(("style_code",), ("rate_lb_per_day",)),
    check=_check_rate,
    columns=(
        Column("style_code", CODE, STYLE),
        Column("rate_lb_per_day", POUNDS, RATE),
    ),
)
