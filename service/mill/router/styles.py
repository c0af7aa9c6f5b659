"""Styles and their recipes: browsed, as a tree, and read upwards from a yarn."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.paging import Paging, count_up_to, next_link
from service.mill.answers.naming import style_of_path, yarn_of_path
from service.mill.answers.needs import assumed, doubts_of_recipes
from service.mill.answers.recipe_trees import bom_object, style_object, where_used_object
from service.mill.answers.shown import data_with, day_of
from service.mill.queries import recipes, scopes, styles
from service.mill.queries.known import require_known
from service.mill.queries.parameters import select_parameters
from service.mill.router import recipe_examples as examples
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses
from service.schemas.envelope import Ask
from service.schemas.mill.recipes import (
    MillBom,
    MillBomAsk,
    MillStyleDetail,
    MillStyles,
    MillStylesAsk,
    MillWhereUsed,
)

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Code = Annotated[str, Path(description="Code of the style; it may hold a `/` and blanks.")]
Yarn = Annotated[str, Path(description="Code of the yarn; it may hold a `/` and blanks.")]
STANDS_ON: Final = (scopes.RECIPES, scopes.STOCK, scopes.PARAMETERS, scopes.PLANT)
RECIPES: Final = ("bom",)


@router.get(
    "/styles",
    operation_id="mill_styles",
    summary="Styles",
    response_model=MillStyles,
    responses=read_responses(examples.STYLES, 410),
    dependencies=[Depends(strict_query(MillStylesAsk))],
)
async def list_styles(call: CallDep, ask: Annotated[MillStylesAsk, Query()]) -> Response:
    """By code."""

    async def build(conn: ReadConnection) -> Answer:
        await require_known(conn, ask)
        statement = styles.narrowed(ask)
        paging = Paging(call.cursors, ask, "mill.styles", styles.KEYS)
        found = (await conn.execute(paging.narrow(statement))).all()
        total = await count_up_to(conn, statement) if paging.wants_total else None
        rows, page = paging.page(found, total)
        body = {
            "items": [style_object(row) for row in rows],
            "page": page.model_dump(),
            "count": await styles.count(conn, statement),
            "data": await data_with(conn, call.now, RECIPES),
        }
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, STANDS_ON, kept=ask.cursor is None)


@router.get(
    "/styles/{code:path}/bom",
    operation_id="mill_style_bom",
    summary="The recipe of a style as a tree",
    response_model=MillBom,
    responses=read_responses(examples.BOM, 404),
    dependencies=[Depends(strict_query(MillBomAsk))],
)
async def bom(call: CallDep, code: Code, ask: Annotated[MillBomAsk, Query()]) -> Response:
    """Each part with its pounds for a pound on top, losses of every level included."""

    async def build(conn: ReadConnection) -> Answer:
        style = await style_of_path(conn, code)
        as_of = await day_of(conn, ask.as_of, call.today)
        in_force = await select_parameters(conn)
        book = await recipes.select_recipes(conn, [style.style_code], as_of)
        taken = assumed(book.recipes, in_force.values)
        body = bom_object(style, taken.recipes, book, as_of)
        doubts = doubts_of_recipes([style.style_code], book)
        data = await data_with(conn, call.now, RECIPES, doubts)
        return Answer({**body, "assumptions": taken.told, "data": data})

    return await answer(call, build, STANDS_ON)


@router.get(
    "/styles/{code:path}",
    operation_id="mill_style",
    summary="One style",
    response_model=MillStyleDetail,
    responses=read_responses(examples.STYLE_DETAIL, 404),
    dependencies=[Depends(strict_query(Ask))],
)
async def one(call: CallDep, code: Code) -> Response:
    """With the other names it goes by."""

    async def build(conn: ReadConnection) -> Answer:
        style = await style_of_path(conn, code)
        aliases = [row._asdict() for row in await styles.select_aliases(conn, style.id)]
        data = await data_with(conn, call.now, RECIPES)
        return Answer({**style_object(style), "aliases": aliases, "data": data})

    return await answer(call, build, STANDS_ON)


@router.get(
    "/where-used/{yarn:path}",
    operation_id="mill_where_used",
    summary="Where a yarn is used",
    response_model=MillWhereUsed,
    responses=read_responses(examples.WHERE_USED, 404),
    dependencies=[Depends(strict_query(MillBomAsk))],
)
async def where_used(call: CallDep, yarn: Yarn, ask: Annotated[MillBomAsk, Query()]) -> Response:
    """The recipes read upwards, over every level, with the pounds of the yarn for a pound of each style."""

    async def build(conn: ReadConnection) -> Answer:
        found = await yarn_of_path(conn, yarn)
        as_of = await day_of(conn, ask.as_of, call.today)
        in_force = await select_parameters(conn)
        book = await recipes.select_takers(conn, found.yarn_code, as_of)
        taken = assumed(book.recipes, in_force.values)
        body = where_used_object(found.yarn_code, taken.recipes, as_of)
        data = await data_with(conn, call.now, RECIPES, doubts_of_recipes((), book))
        return Answer({**body, "assumptions": taken.told, "data": data})

    return await answer(call, build, STANDS_ON)
