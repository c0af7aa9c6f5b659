"""Fabric into yarn: recipes exploded, quantities converted, finished demand netted; nothing is written."""

from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid
from service.mill.answers.exploding import (
    NO_FABRIC,
    demands_of,
    doubts_of,
    exploded,
    exploded_object,
    items_of,
    under,
    warnings_of,
)
from service.mill.answers.fabric import conversion_object, fabric_of, with_losses, yarn_needs_object
from service.mill.answers.naming import styles_meant
from service.mill.answers.needs import assumed
from service.mill.answers.netting import (
    as_pool,
    demand_of,
    names_of,
    netting_object,
    pool_of,
    terms_of,
)
from service.mill.answers.shown import data_with, day_of
from service.mill.queries import scopes
from service.mill.queries.allocations import select_stock
from service.mill.queries.parameters import select_parameters
from service.mill.queries.recipes import select_recipes
from service.mill.queries.styles import select_pool
from service.mill.router import recipe_examples as examples
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.rules.netting import net
from service.mill.rules.quantities import NoConversion
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import asked_responses
from service.schemas.envelope import Ask
from service.schemas.mill.netting import MillNetting, MillNettingAsk
from service.schemas.mill.recipes import (
    MillConversion,
    MillConvertAsk,
    MillExplodeAsk,
    MillExploded,
    MillYarnNeeds,
    MillYarnNeedsAsk,
)

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN: Final = [Depends(strict_query(Ask))]
STANDS_ON: Final = (scopes.RECIPES, scopes.STOCK, scopes.ORDERS, scopes.PARAMETERS)
_NETTED: Final = ("bom", "yarn_inventory", "stage_inventory", "knit_orders")


def _body(example: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"example": example}}}}


@router.post(
    "/bom/explode",
    operation_id="mill_explode",
    summary="Pounds of yarn for quantities of styles, over every level",
    response_model=MillExploded,
    responses=asked_responses(examples.EXPLODED),
    dependencies=_PLAIN,
    openapi_extra=_body(examples.EXPLODE_ASK),
)
async def explode(call: CallDep, asked: MillExplodeAsk) -> Response:
    """Way by way with the pounds of each level, and in all; a style in a circle is left out and told.

    `netted` takes fabric in stages off the demand (F01, I01, G02, G00, knit orders) and the theoretical
    balance off the yarn, as if nobody else needed either: R8, nothing is netted twice.
    """

    async def build(conn: ReadConnection) -> Answer:
        as_of = await day_of(conn, asked.as_of, call.today)
        in_force = await select_parameters(conn)
        names = [(f"/body/items/{at}/style", one.style) for at, one in enumerate(asked.items)]
        meant = await styles_meant(conn, names)
        book = await select_recipes(conn, sorted(set(meant.values())), as_of)
        taken = assumed(under(book.recipes, asked.loss_mode), in_force.values)
        items = items_of(asked.items, meant, book)
        netting = None
        if asked.netted:
            pool = as_pool(await select_pool(conn, sorted(set(meant.values()))))
            netting = net(demands_of(items), pool, in_force.values)
        found = exploded(items, taken.recipes, netting)
        stock = None
        if asked.netted:
            rows = await select_stock(conn, list(found.whole.yarns))
            stock = {code: row.theoretical for code, row in rows.items()}
        body = exploded_object(found, book, as_of, stock)
        told = [*taken.told, *(["netted: no other order shares this stock"] if asked.netted else [])]
        kinds = _NETTED if asked.netted else ("bom",)
        data = await data_with(conn, call.now, kinds, doubts_of(body["warnings"]))
        return Answer({**body, "assumptions": told, "data": data})

    return await answer(call, build, STANDS_ON, kept=False)


@router.post(
    "/fabric/convert",
    operation_id="mill_convert_fabric",
    summary="A quantity of fabric in another unit, with the factors used",
    response_model=MillConversion,
    responses=asked_responses(examples.CONVERTED),
    dependencies=_PLAIN,
    openapi_extra=_body(examples.CONVERT_ASK),
)
async def convert(call: CallDep, asked: MillConvertAsk) -> Response:
    """By yards per pound, else ounces per yard, else width and weight; never by a constant nobody stated."""

    async def build(conn: ReadConnection) -> Answer:
        fabric = NO_FABRIC
        if asked.style is not None:
            meant = await styles_meant(conn, [("/body/style", asked.style)])
            as_of = await day_of(conn, None, call.today)
            book = await select_recipes(conn, list(meant.values()), as_of)
            fabric = book.styles[meant[asked.style]].fabric
        body = conversion_object(asked, fabric_of(asked, fabric))
        data = await data_with(conn, call.now, ("styles",) if asked.style is not None else ())
        return Answer({**body, "data": data})

    return await answer(call, build, STANDS_ON, kept=False)


@router.post(
    "/fabric/yarn-requirements",
    operation_id="mill_fabric_yarn_requirements",
    summary="Yarn for finished fabric, with waste and shrinkage",
    response_model=MillYarnNeeds,
    responses=asked_responses(examples.YARN_NEEDS),
    dependencies=_PLAIN,
    openapi_extra=_body(examples.YARN_NEEDS_ASK),
)
async def yarn_requirements(call: CallDep, asked: MillYarnNeedsAsk) -> Response:
    """Waste and shrinkage are multiplied, not added; recipes with losses of their own keep those."""

    async def build(conn: ReadConnection) -> Answer:
        as_of = await day_of(conn, asked.as_of, call.today)
        in_force = await select_parameters(conn)
        names = [(f"/body/items/{at}/style", one.style) for at, one in enumerate(asked.items)]
        meant = await styles_meant(conn, names)
        book = await select_recipes(conn, sorted(set(meant.values())), as_of)
        taken = assumed(book.recipes, in_force.values)
        found = exploded(items_of(asked.items, meant, book), taken.recipes, None)
        warnings = list(warnings_of(found, book))
        body = yarn_needs_object(found, taken.recipes, with_losses(in_force.values, asked))
        data = await data_with(conn, call.now, ("bom", "styles"), doubts_of(warnings))
        return Answer({**body, "as_of": as_of, "warnings": warnings, "assumptions": taken.told, "data": data})

    return await answer(call, build, STANDS_ON, kept=False)


@router.post(
    "/netting",
    operation_id="mill_netting",
    summary="Finished demand against fabric in stages, from one shared pool",
    response_model=MillNetting,
    responses=asked_responses(examples.NETTED),
    dependencies=_PLAIN,
    openapi_extra=_body(examples.NETTING_ASK),
)
async def netting(call: CallDep, asked: MillNettingAsk) -> Response:
    """In the order of service; each pound is used once. By week of the due date, too."""

    async def build(conn: ReadConnection) -> Answer:
        as_of = await day_of(conn, asked.as_of, call.today)
        parameters = terms_of(asked, (await select_parameters(conn)).values)
        meant = await styles_meant(conn, names_of(asked))
        codes = sorted({meant[one.style] for one in asked.demands})
        book = await select_recipes(conn, codes, as_of)
        demands = []
        for at, one in enumerate(asked.demands):
            try:
                demands.append(demand_of(one, meant[one.style], book.styles[meant[one.style]].fabric))
            except NoConversion as error:
                field = FieldError(f"/body/demands/{at}/uom", error.code, str(error))
                raise Invalid(str(error), code="no_conversion", errors=[field]) from None
        stated = asked.stock is not None
        pool = pool_of(asked.stock or (), meant) if stated else as_pool(await select_pool(conn, codes))
        body = netting_object(
            net(demands, pool, parameters), as_of, asked.weeks or parameters.weeks_horizon, parameters
        )
        kinds = () if stated else ("stage_inventory", "knit_orders")
        return Answer({**body, "data": await data_with(conn, call.now, kinds)})

    return await answer(call, build, STANDS_ON, kept=False)
