"""Styles and their recipes: browsed, exploded, read upwards; fabric turned into pounds and into yarn."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from service.schemas.asked import Word
from service.schemas.envelope import Ask, Page, PageAsk, Wire
from service.schemas.mill.fields import MillAsOf, MillCode, MillData, MillQuantity, MillShare

MillUnit = Literal["lb", "kg", "yd", "ea"]
MillLossMode = Literal["add_on", "yield"]
MillStage = Literal["greige", "finished", "other"]
MillBomStatus = Literal["none", "ok", "near", "incomplete", "rejected"]
Positive = Annotated[Decimal, Field(gt=0, le=10**6)]


class MillStylesAsk(PageAsk):
    """Which styles."""

    q: Word | None = Field(None, description="A part of the code.")
    stage: MillStage | None = Field(None, description="Only greige, finished or other ones.")
    bom_status: MillBomStatus | None = Field(None, description="How far the recipe can be trusted.")
    work_center: MillCode | None = Field(None, description="Only those knitted there.")


class MillStyle(Wire):
    """A fabric: what it weighs, where and how fast it is knitted, how far its recipe can be trusted."""

    style_code: str
    base_code: str | None
    stage: MillStage
    bom_status: MillBomStatus
    loss_mode: MillLossMode
    yds_per_lb: Decimal | None
    oz_per_lin_yd: Decimal | None
    width_in: Decimal | None
    gsm: Decimal | None = Field(description="Grams a square metre.")
    lb_per_piece: Decimal | None
    rate_lb_per_day: Decimal | None
    work_center: str | None
    conversion_cost_per_lb: Decimal | None
    status: str
    row_version: int


class MillStyles(Wire):
    """A page of styles by code; `count` is over the whole filter."""

    items: list[MillStyle]
    page: Page
    count: int
    data: MillData


class MillStyleAlias(Wire):
    """Another name that a style goes by."""

    alias_code: str
    kind: str
    method: str
    version: str | None


class MillStyleDetail(MillStyle):
    """One style with its other names."""

    aliases: list[MillStyleAlias]
    data: MillData


class MillBomAsk(Ask):
    """The recipe of a day."""

    as_of: MillAsOf = None


class MillBomNode(Wire):
    """What goes into a pound of the style on top, over one way through the recipes."""

    level: int
    path: list[str] = Field(description="Styles from the top down to the one that takes this.")
    component: str
    kind: Literal["yarn", "style"]
    per_lb: Decimal = Field(description="Pounds for a pound of the style above, losses included.")
    per_top_lb: Decimal = Field(description="Pounds for a pound of the style on top, losses included.")
    bom_status: MillBomStatus | None = Field(description="Of a style.")


class MillBom(Wire):
    """The recipe of a style as a tree, each node before what goes into it."""

    style_code: str
    as_of: date
    loss_mode: MillLossMode
    bom_status: MillBomStatus
    reason: str | None = Field(description="NO_BOM, BOM_REJECTED or BOM_CYCLE: why there are no nodes.")
    cycles: list[list[str]]
    nodes: list[MillBomNode]
    yarn_per_lb: dict[str, Decimal] = Field(description="All ways together, by yarn.")
    assumptions: list[str]
    data: MillData


class MillUse(Wire):
    """A style that a yarn goes into."""

    style_code: str
    level: int = Field(description="1 where the style takes the yarn itself.")
    path: list[str] = Field(description="From the style that takes it itself up to this one.")
    per_lb: Decimal = Field(description="Pounds of the yarn for a pound of this style over this path.")


class MillWhereUsed(Wire):
    """The reverse tree of a yarn, a style before what it goes into."""

    yarn_code: str
    as_of: date
    count: int
    styles: int
    items: list[MillUse]
    assumptions: list[str]
    data: MillData


class MillExplodeItem(Ask):
    """A quantity of a style."""

    style: MillCode = Field(description="Its code, or another name that only one style goes by.")
    quantity: MillQuantity
    uom: MillUnit = "lb"
    setups: Annotated[int, Field(ge=0, le=1000)] = Field(
        0, description="How often it is set up: each time its lines lose what they say."
    )


class MillExplodeAsk(Ask):
    """What to explode."""

    items: list[MillExplodeItem] = Field(min_length=1, max_length=1000)
    as_of: MillAsOf = None
    loss_mode: MillLossMode | None = Field(
        None, description="How losses of all styles are counted; default: as each style says."
    )
    netted: bool = Field(
        False,
        description="Take fabric in stages off the demand, then stock off the yarn; all of it free.",
    )


class MillConverted(Wire):
    """A quantity in pounds and by what; null with the reason where no factor is known."""

    item: int
    style_code: str
    named: str
    quantity: Decimal
    uom: MillUnit
    quantity_lb: Decimal | None
    source: str | None = Field(description="lb, kg, yds_per_lb, oz_per_lin_yd, width_gsm or lb_per_piece.")
    estimated: bool
    reason: str | None
    from_stages_lb: Decimal | None = Field(description="With `netted`: what fabric in stages covers.")
    exploded_lb: Decimal | None


class MillLevel(Wire):
    """A style on the way and its pounds."""

    style_code: str
    quantity_lb: Decimal


class MillExplodedRow(Wire):
    """A yarn for an item over one way through the recipes."""

    item: int
    path: list[str]
    levels: list[MillLevel]
    yarn_code: str
    gross_lb: Decimal


class MillExplodedStyle(Wire):
    """A style and all that is needed of it, the demand itself included."""

    style_code: str
    gross_lb: Decimal


class MillExplodedYarn(Wire):
    """A yarn and all that is needed of it."""

    yarn_code: str
    gross_lb: Decimal
    setup_lb: Decimal = Field(description="Of it: what setting up loses.")
    theoretical_balance_lb: Decimal | None = Field(description="With `netted`; null: nobody counted it.")
    net_lb: Decimal | None = Field(description="With `netted`: what stock does not cover.")


class MillWarning(Wire):
    """Something doubtful, and about what."""

    code: str
    subject: str
    message: str


class MillExploded(Wire):
    """Pounds of yarn for quantities of styles, way by way and in all."""

    as_of: date
    items: list[MillConverted]
    rows: list[MillExplodedRow]
    styles: list[MillExplodedStyle]
    yarns: list[MillExplodedYarn]
    gross_lb: Decimal = Field(description="Of all yarns.")
    cycles: list[list[str]]
    warnings: list[MillWarning]
    assumptions: list[str]
    data: MillData


class MillConvertAsk(Ask):
    """A quantity of fabric in another unit: of a style, or of what is stated here."""

    quantity: MillQuantity
    uom: MillUnit
    to: MillUnit = "lb"
    style: MillCode | None = None
    yds_per_lb: Positive | None = None
    oz_per_lin_yd: Positive | None = None
    width_in: Positive | None = None
    gsm: Positive | None = None
    lb_per_piece: Positive | None = None


class MillFactor(Wire):
    """A number that was used, and where it comes from."""

    name: str
    value: Decimal
    source: str


class MillConversion(Wire):
    """The quantity in pounds and in the unit asked for, with the factors that were used."""

    style_code: str | None
    quantity: Decimal
    uom: MillUnit
    quantity_lb: Decimal
    to: MillUnit
    converted: Decimal
    sources: list[str]
    estimated: bool
    factors: list[MillFactor]
    data: MillData


class MillYarnNeedsAsk(Ask):
    """Finished fabric that is wanted, with the losses to reckon with."""

    items: list[MillExplodeItem] = Field(min_length=1, max_length=1000)
    fabric_waste: MillShare | None = Field(None, description="Default: the planning parameter, 0.03.")
    yarn_shrinkage: MillShare | None = Field(None, description="Default: the planning parameter, 0.02.")
    as_of: MillAsOf = None


class MillFabricItem(MillConverted):
    """Fabric with the factor of its losses; 1 where its recipe has losses of its own."""

    factor: Decimal
    factor_source: str


class MillYarnNeed(Wire):
    """A yarn: what is knitted into the fabric, and what has to be there for it."""

    yarn_code: str
    base_lb: Decimal
    required_lb: Decimal


class MillYarnNeeds(Wire):
    """Yarn for finished fabric: base by the recipes, required with waste and shrinkage multiplied in."""

    as_of: date
    fabric_waste: Decimal
    yarn_shrinkage: Decimal
    factor: Decimal
    items: list[MillFabricItem]
    yarns: list[MillYarnNeed]
    base_lb: Decimal
    required_lb: Decimal
    warnings: list[MillWarning]
    assumptions: list[str]
    data: MillData
