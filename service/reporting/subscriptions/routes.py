"""`/v1/<desk>/subscriptions`: make, list, end and resume them; what became of each delivery."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.errors import Conflict
from service.core.idempotency import Answered, write_once
from service.core.inbound import CallerDep, RuntimeDep
from service.core.paging import Cursors, Paging, count_up_to, next_link
from service.core.runtime import Runtime
from service.reporting.desk import Desk
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.subscriptions import asking, examples, queries
from service.reporting.subscriptions.signing import secret_of
from service.schemas.envelope import Ask, Listing
from service.schemas.subscriptions import (
    DeliveriesAsk,
    Delivery,
    NewSubscription,
    Subscription,
    SubscriptionAsk,
    SubscriptionsAsk,
)

_HEADERS = {"Cache-Control": "no-store"}


def subscription_routes(desk: Desk) -> APIRouter:
    """The routes of a desk: `<desk>:read` sees its own, `<desk>:write` makes, ends and resumes them."""
    router = APIRouter(prefix=f"/v1/{desk.name}/subscriptions", tags=[desk.name])
    endpoints = _Endpoints(desk)
    _add_readers(router, endpoints)
    _add_writers(router, endpoints)
    return router


def _add_readers(router: APIRouter, endpoints: "_Endpoints") -> None:
    desk = endpoints.desk
    router.add_api_route(
        "",
        endpoints.list_subscriptions,
        operation_id=f"{desk.name}_subscriptions",
        summary="Your scheduled reports, newest first",
        description="An admin of the desk sees everybody's. Those that have ended are not listed.",
        response_model=Listing[Subscription],
        responses={
            **problem_responses(400, 401, 403, 410, 422, 503),
            200: _example(examples.page_of(examples.SUBSCRIPTION)),
        },
        dependencies=[Depends(needs(desk.reads)), Depends(strict_query(SubscriptionsAsk))],
    )
    router.add_api_route(
        "/{subscription_id}",
        endpoints.get_subscription,
        operation_id=f"{desk.name}_subscription",
        summary="One scheduled report",
        response_model=Subscription,
        responses={**problem_responses(401, 403, 404, 422, 503), 200: _example(examples.SUBSCRIPTION)},
        dependencies=[Depends(needs(desk.reads)), Depends(strict_query(Ask))],
    )
    router.add_api_route(
        "/{subscription_id}/deliveries",
        endpoints.list_deliveries,
        operation_id=f"{desk.name}_deliveries",
        summary="What became of each delivery, newest first",
        response_model=Listing[Delivery],
        responses={
            **problem_responses(400, 401, 403, 404, 410, 422, 503),
            200: _example(examples.page_of(examples.DELIVERY)),
        },
        dependencies=[Depends(needs(desk.reads)), Depends(strict_query(DeliveriesAsk))],
    )


def _add_writers(router: APIRouter, endpoints: "_Endpoints") -> None:
    desk = endpoints.desk
    writer = [Depends(needs(f"{desk.name}:write")), Depends(strict_query(Ask))]
    router.add_api_route(
        "",
        endpoints.subscribe,
        methods=["POST"],
        operation_id=f"{desk.name}_subscribe",
        summary="Deliver a report on a schedule",
        description="Into a folder, to a webhook (signed) or by e-mail, with the rights you then have. "
        "The secret of a webhook is in this answer only.",
        status_code=201,
        response_model=NewSubscription,
        responses={**problem_responses(400, 401, 403, 409, 422, 503), 201: _example(examples.NEW)},
        dependencies=writer,
        openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ask_of(desk)}}}},
    )
    router.add_api_route(
        "/{subscription_id}",
        endpoints.end,
        methods=["DELETE"],
        operation_id=f"{desk.name}_unsubscribe",
        summary="End a scheduled report",
        description="What was delivered stays on record. Ending twice changes nothing.",
        response_model=Subscription,
        responses={**problem_responses(401, 403, 404, 422, 503), 200: _example(examples.ENDED)},
        dependencies=writer,
    )
    router.add_api_route(
        "/{subscription_id}/resume",
        endpoints.resume,
        methods=["POST"],
        operation_id=f"{desk.name}_resume_subscription",
        summary="Go on with a paused one",
        description="From the next time it is due; what was missed stays on record as skipped.",
        response_model=Subscription,
        responses={
            **problem_responses(400, 401, 403, 404, 409, 422, 503),
            200: _example(examples.SUBSCRIPTION),
        },
        dependencies=writer,
    )


class _Endpoints:
    """The functions behind the routes of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def subscribe(
        self, request: Request, runtime: RuntimeDep, caller: CallerDep, asked: SubscriptionAsk
    ) -> Response:
        async def effect(conn: WriteConnection) -> Answered:
            values = await asking.checked(conn, runtime.settings, self.desk, asked, caller)
            made = await asking.keep(conn, values)
            return Answered(made, 201, {"Location": f"/v1/{self.desk.name}/subscriptions/{made.id}"})

        async def still(conn: WriteConnection, _: Response) -> bool:
            if self.desk.subjects is not None:  # a kept answer is not for who may see its subjects no more
                await asking.checked(conn, runtime.settings, self.desk, asked, caller)
            return True

        response = await write_once(runtime.database, request, caller.id, effect, still=still)
        return await self._with_secret(runtime, caller, response)

    async def _with_secret(self, runtime: Runtime, caller: Caller, response: Response) -> Response:
        """The answer with the secret, which the answer kept under an `Idempotency-Key` never holds."""
        if response.status_code != 201:
            return response
        made, secret = Subscription.model_validate_json(bytes(response.body)), None
        if made.channel == "webhook":
            async with runtime.database.read() as conn:
                row = await asking.find(conn, self.desk, caller, made.id)
            secret = secret_of(runtime.settings, UUID(made.id), row.secret_hash)
            if secret is None:
                raise Conflict(f"the secret of {made.id} can no longer be shown", code="secret_gone")
        kept = {name: value for name, value in response.headers.items() if name != "content-length"}
        shown = NewSubscription(**made.model_dump(), secret=secret)
        return _json(shown, status=201, headers=kept)

    async def list_subscriptions(
        self,
        request: Request,
        runtime: RuntimeDep,
        caller: CallerDep,
        asked: Annotated[SubscriptionsAsk, Query()],
    ) -> Response:
        name = f"{self.desk.name}.subscriptions"
        paging = Paging(Cursors.of(runtime.settings), asked, name, queries.NEWEST_FIRST)
        statement = queries.subscriptions_of(self.desk.name, asking.owner_seen(self.desk, caller))
        async with runtime.database.snapshot() as conn:
            rows = (await conn.execute(paging.narrow(statement))).all()
            total = await count_up_to(conn, statement) if paging.wants_total else None
        shown, page = paging.page(rows, total)
        listing = Listing[Subscription](items=[asking.subscription_of(row) for row in shown], page=page)
        return _json(listing, headers=next_link(str(request.url), page.next))

    async def get_subscription(
        self, runtime: RuntimeDep, caller: CallerDep, subscription_id: str
    ) -> Response:
        async with runtime.database.read() as conn:
            row = await asking.find(conn, self.desk, caller, subscription_id)
        return _json(asking.subscription_of(row))

    async def list_deliveries(
        self,
        request: Request,
        runtime: RuntimeDep,
        caller: CallerDep,
        subscription_id: str,
        asked: Annotated[DeliveriesAsk, Query()],
    ) -> Response:
        name = f"{self.desk.name}.deliveries/{subscription_id}"
        paging = Paging(Cursors.of(runtime.settings), asked, name, queries.LATEST_FIRST)
        async with runtime.database.snapshot() as conn:
            found = await asking.find(conn, self.desk, caller, subscription_id)
            statement = queries.deliveries_of(found.id)
            rows = (await conn.execute(paging.narrow(statement))).all()
            total = await count_up_to(conn, statement) if paging.wants_total else None
        shown, page = paging.page(rows, total)
        listing = Listing[Delivery](items=[asking.delivery_of(row) for row in shown], page=page)
        return _json(listing, headers=next_link(str(request.url), page.next))

    async def end(
        self, request: Request, runtime: RuntimeDep, caller: CallerDep, subscription_id: str
    ) -> Response:
        async def effect(conn: WriteConnection) -> Answered:
            row = await asking.find(conn, self.desk, caller, subscription_id)
            return Answered(await asking.end(conn, row, caller))

        return await write_once(runtime.database, request, caller.id, effect)

    async def resume(
        self, request: Request, runtime: RuntimeDep, caller: CallerDep, subscription_id: str
    ) -> Response:
        async def effect(conn: WriteConnection) -> Answered:
            row = await asking.find(conn, self.desk, caller, subscription_id)
            return Answered(await asking.resume(conn, row))

        return await write_once(runtime.database, request, caller.id, effect)


def _json(content: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = content.model_dump_json(by_alias=True)
    together = {**(headers or {}), **_HEADERS}
    return Response(body, status_code=status, headers=together, media_type="application/json")


def _example(example: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"example": dict(example)}}}
