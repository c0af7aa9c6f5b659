"""`/v1/<desk>/statements` seals; `/v1/statements` lists, shows, verifies, compares, writes, withdraws."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Row
from starlette.responses import Response

from service.core import queries
from service.core.auth import Audited, Caller, needs
from service.core.database import WriteConnection
from service.core.errors import ServiceError, unknown_value
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.paging import next_link
from service.core.runtime import Runtime
from service.core.versions import token
from service.reporting.desk import Desk
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query, style_of
from service.reporting.statements import examples
from service.reporting.statements.comparing import changes
from service.reporting.statements.files import StatementFile, file_of, offered
from service.reporting.statements.finding import check_of, find, listed
from service.reporting.statements.sealing import Sealed, keep, sealed, withdraw
from service.reporting.statements.shown import statement_of, whole
from service.schemas.envelope import Ask, Listing
from service.schemas.exports import Delimiter, Durations, Locale
from service.schemas.statements import (
    ChangeListing,
    SealedReport,
    Statement,
    StatementAsk,
    StatementChangesAsk,
    StatementCheck,
    StatementsAsk,
    WithdrawAsk,
)

Known = Annotated[Caller, Depends(needs())]
Format = Literal["json", "csv", "html", "xlsx"]


class StatementFileAsk(Ask):
    """How the file is to be written."""

    format: Format | None = Field(None, description="Default: what `Accept` asks for.")
    locale: Locale = Field("en", description="Language of labels in HTML, CSV and XLSX.")
    delimiter: Delimiter = Field(",", description="Between the cells of a CSV file.")
    bom: bool = Field(False, description="Byte order mark in front of a CSV file.")
    durations: Durations = Field("hms", description="How files write durations.")


def seal_route(desk: Desk) -> APIRouter:
    """The route that seals a report of a desk."""
    router = APIRouter(prefix=f"/v1/{desk.name}/statements", tags=[desk.name])
    writer = needs(f"{desk.name}:write")

    async def endpoint(request: Request, runtime: RuntimeDep, caller: Any, asked: StatementAsk) -> Response:
        return await _seal(request, runtime, desk, caller, asked)

    endpoint.__annotations__["caller"] = Annotated[Caller, Depends(writer)]
    router.add_api_route(
        "",
        endpoint,
        methods=["POST"],
        operation_id=f"{desk.name}_seal",
        summary="Seal a report as a statement",
        description="The report as it reads now, with its completeness, versions and hash; it never changes. "
        "A report that is not complete is refused unless `accept_incomplete`.",
        status_code=201,
        response_model=Statement,
        responses={
            **problem_responses(400, 401, 403, 409, 422, 429, 503),
            201: _example(examples.STATEMENT),
        },
        dependencies=[Depends(strict_query(Ask))],
        openapi_extra=_body_example(examples.ask_of(desk)),
    )
    return router


def statement_routes(desks: Sequence[Desk]) -> APIRouter:
    """The routes of all desks' statements; a caller sees those of the desks and sites it may read."""
    router = APIRouter(prefix="/v1/statements", tags=["statements"], dependencies=[Depends(needs())])
    endpoints = _Endpoints(desks)
    router.add_api_route(
        "",
        endpoints.list_statements,
        operation_id="statements_list",
        summary="Statements, newest first",
        response_model=Listing[Statement],
        responses={**problem_responses(400, 401, 410, 422, 503), 200: _example(examples.LISTING)},
        dependencies=[Depends(strict_query(StatementsAsk))],
    )
    router.add_api_route(
        "/{statement_id}",
        endpoints.get_statement,
        operation_id="statements_get",
        summary="One statement with its rows",
        response_model=SealedReport,
        responses={**problem_responses(401, 404, 503), 200: _example(examples.SEALED)},
        dependencies=[Depends(strict_query(Ask))],
    )
    _add_questions(router, endpoints)
    return router


def _add_questions(router: APIRouter, endpoints: "_Endpoints") -> None:
    router.add_api_route(
        "/{statement_id}/verify",
        endpoints.verify,
        operation_id="statements_verify",
        summary="Is it still what was signed",
        description="Computes every part's digest and the hash again, and names the parts that differ.",
        response_model=StatementCheck,
        responses={**problem_responses(401, 404, 503), 200: _example(examples.CHECK)},
        dependencies=[Depends(strict_query(Ask))],
    )
    router.add_api_route(
        "/{statement_id}/changes",
        endpoints.list_changes,
        operation_id="statements_changes",
        summary="What would differ today, and why",
        description="The same report of today beside what was signed: every figure that differs.",
        response_model=ChangeListing,
        responses={**problem_responses(400, 401, 404, 409, 410, 422, 503), 200: _example(examples.CHANGES)},
        dependencies=[Depends(strict_query(StatementChangesAsk))],
    )
    router.add_api_route(
        "/{statement_id}/file",
        endpoints.get_file,
        operation_id="statements_file",
        summary="A statement as a file",
        response_model=SealedReport,
        responses={
            **problem_responses(401, 404, 406, 422, 503),
            200: {"content": {**_example(examples.SEALED)["content"], **endpoints.other_kinds()}},
        },
        dependencies=[Depends(strict_query(StatementFileAsk))],
    )
    router.add_api_route(
        "/{statement_id}/withdraw",
        endpoints.withdraw,
        methods=["POST"],
        operation_id="statements_withdraw",
        summary="Stand by a statement no longer",
        description="The statement stays, with who withdrew it and why. Needs the desk's write scope.",
        response_model=Statement,
        responses={
            **problem_responses(400, 401, 403, 404, 409, 422, 503),
            200: _example(examples.WITHDRAWN),
        },
        dependencies=[Depends(strict_query(Ask))],
        openapi_extra=_body_example({"reason": "two late punches of the night shift are to be paid"}),
    )


class _Endpoints:
    """The functions behind the routes; `desks` by name."""

    def __init__(self, desks: Sequence[Desk]) -> None:
        self.desks = {desk.name: desk for desk in desks}
        self.kinds = offered(desks)

    def other_kinds(self) -> dict[str, Any]:
        """What a file may be beside JSON, for OpenAPI."""
        kinds = [kind.partition(";")[0] for name, kind in self.kinds.items() if name != "json"]
        return {kind: {"schema": {"type": "string"}} for kind in kinds}

    async def found(self, runtime: Runtime, caller: Caller, statement_id: str) -> Row[Any]:
        """A statement the caller may see. Raises `NotFound`."""
        return await find(runtime.database, self.desks.values(), caller, statement_id)

    async def list_statements(
        self, request: Request, runtime: RuntimeDep, caller: Known, asked: Annotated[StatementsAsk, Query()]
    ) -> Response:
        if asked.desk is not None and asked.desk not in self.desks:
            raise unknown_value("/query/desk", "desk", asked.desk, self.desks)
        desks = [desk for name, desk in self.desks.items() if asked.desk in {None, name}]
        listing = await listed(runtime.database, runtime.settings, desks, caller, asked)
        return _json(listing, next_link(str(request.url), listing.page.next))

    async def get_statement(self, runtime: RuntimeDep, caller: Known, statement_id: str) -> Response:
        row = await self.found(runtime, caller, statement_id)
        body = await runtime.compute.in_thread(whole, row)
        return Response(body, headers=_HEADERS, media_type="application/json")

    async def verify(self, runtime: RuntimeDep, caller: Known, statement_id: str) -> Response:
        row = await self.found(runtime, caller, statement_id)
        return _json(await runtime.compute.in_thread(check_of, row))

    async def list_changes(
        self,
        request: Request,
        runtime: RuntimeDep,
        caller: Known,
        statement_id: str,
        asked: Annotated[StatementChangesAsk, Query()],
    ) -> Response:
        row = await self.found(runtime, caller, statement_id)
        listing = await changes(runtime, self.desks[row.desk], row, caller, asked)
        return _json(listing, next_link(str(request.url), listing.page.next))

    async def get_file(
        self,
        request: Request,
        runtime: RuntimeDep,
        caller: Known,
        statement_id: str,
        asked: Annotated[StatementFileAsk, Query()],
    ) -> Response:
        name = chosen_format(asked.format, request.headers.get("accept"), self.kinds)
        row = await self.found(runtime, caller, statement_id)
        desk, style = self.desks[row.desk], style_of(asked)

        def written() -> tuple[StatementFile, bytes]:
            made = file_of(row, desk, name, style)
            return made, b"".join(made.pieces)

        made, body = await runtime.compute.in_thread(written)
        headers = {**_HEADERS, **made.headers}
        if made.attachment:
            headers["Content-Disposition"] = f'attachment; filename="{made.filename}"'
        return Response(body, headers=headers, media_type=made.media_type)

    async def withdraw(
        self, request: Request, runtime: RuntimeDep, caller: Known, statement_id: str, asked: WithdrawAsk
    ) -> Response:
        statement = statement_of(await self.found(runtime, caller, statement_id))
        caller.require(f"{statement.desk}:write")

        async def effect(conn: WriteConnection) -> Answered:
            desk = self.desks[statement.desk]
            raised = await withdraw(runtime, desk, conn, statement, caller, asked.reason)
            there = queries.StatementsSeen(desks=[statement.desk])
            seen = await queries.select_statement(conn, UUID(statement.id), there)
            assert seen is not None
            return Answered(statement_of(seen), headers={"Data-Version": token(raised)})

        return await write_once(runtime.database, request, caller.id, effect)


async def _seal(
    request: Request, runtime: Runtime, desk: Desk, caller: Caller, asked: StatementAsk
) -> Response:
    made, refusal = await _sealed_or_refused(runtime, desk, caller, asked)

    async def effect(conn: WriteConnection) -> Answered:
        if made is None:
            assert refusal is not None
            raise refusal
        raised = await keep(runtime, conn, made, caller)
        row = await queries.select_statement(conn, made.values["id"], made.seen)
        assert row is not None
        headers = {"Location": f"/v1/statements/{row.id}", "Data-Version": token(raised)}
        return Answered(statement_of(row), 201, headers)

    return await write_once(runtime.database, request, caller.id, effect)


async def _sealed_or_refused(
    runtime: Runtime, desk: Desk, caller: Caller, asked: StatementAsk
) -> tuple[Sealed | None, ServiceError | None]:
    """Built before the write begins, so that no transaction waits for it.

    A refusal is raised within the write: a request repeated by its key is answered as the first one was.
    """
    try:
        return await sealed(runtime, desk, asked, caller), None
    except Audited:
        raise  # of who may not see whom it is about: never frozen, and no kept answer is for them
    except ServiceError as error:
        return None, error


_HEADERS = {"Cache-Control": "private, no-store", "Vary": "Accept, Authorization, Cookie"}


def _json(content: BaseModel, headers: Mapping[str, str] | None = None) -> Response:
    body = content.model_dump_json(by_alias=True)
    return Response(body, headers={**_HEADERS, **(headers or {})}, media_type="application/json")


def _example(example: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"example": dict(example)}}}


def _body_example(example: Mapping[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"example": dict(example)}}}}
