"""The OpenAPI document is made once, and not by the thread that answers everybody."""

import asyncio
import threading
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from tests.core.whole import whole

MADE_BY: list[str] = []


class Noted(BaseModel):
    """Notes who describes it."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        MADE_BY.append(threading.current_thread().name)
        return handler(schema)


router = APIRouter()


@router.get("/v1/trials/noted")
async def noted() -> Noted:
    """Nothing."""
    return Noted()


async def test_the_document_is_made_once_and_beside_the_event_loop(database_url: str) -> None:
    async with whole(database_url) as house:
        house.app.include_router(router)
        async with house.client() as client:
            clearing = client.post(
                "/v1/cache/clear?namespace=/v1/trials/noted", headers={"Idempotency-Key": "k"}
            )
            asked = (client.get("/v1/performance-report"), clearing, client.get("/openapi.json"))
            answers = await asyncio.gather(*asked)
            assert [answer.status_code for answer in answers] == [200, 200, 200]
            assert MADE_BY
            assert all(name.startswith("muster-compute") for name in MADE_BY)
            assert len(set(MADE_BY)) == 1  # the others waited for it
            made = len(MADE_BY)
            assert (await client.get("/openapi.json")).json() == house.app.openapi()
            assert len(MADE_BY) == made
