"""The run record and the engine's entry for it: written in one transaction, or not at all."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from pgqueuer import AsyncpgDriver, Queries
from pydantic import ValidationError
from sqlalchemy import Row

from service.core import queries
from service.core.database import WriteConnection, driver_in_transaction
from service.core.errors import FieldError, Invalid, ServiceError, problem
from service.core.tasks.job import Job
from service.core.telemetry import correlation_id
from service.schemas.envelope import Ask

ENTRYPOINT: Final = "muster.run"
RETRY_ENTRYPOINT: Final = "muster.retry"


async def insert_run(
    conn: WriteConnection,
    run_id: UUID,
    job: Job,
    params: Ask,
    requested_by: str,
    state: str,
    **more: Any,
) -> Row[Any] | None:
    """A new run; None when its scope is active. A queued one is handed to the engine as well.

    It belongs to the request being served, unless `more` (other columns) says to whom else.
    """
    values = {
        "id": run_id,
        "job": job.name,
        "scope": job.scope_of(params),
        "state": state,
        "params": params.model_dump(mode="json", by_alias=True),
        "requested_by": requested_by,
        "correlation_id": correlation_id(),
        **more,
    }
    row = await queries.insert_run(conn, values)
    if row is not None and state == "queued":
        await enqueue(conn, run_id)
    return row


async def enqueue(conn: WriteConnection, run_id: UUID) -> None:
    """Hand a run to the engine with this transaction; once, however often it is said."""
    driver = await driver_in_transaction(conn)
    await Queries(AsyncpgDriver(driver)).enqueue(
        ENTRYPOINT, run_id.bytes, dedupe_key=str(run_id), on_conflict="skip"
    )


async def enqueue_retry(conn: WriteConnection, run_id: UUID, wait: float) -> None:
    """Have a failed run repeated in `wait` seconds; once, however often it is said."""
    driver = await driver_in_transaction(conn)
    await Queries(AsyncpgDriver(driver)).enqueue(
        RETRY_ENTRYPOINT,
        run_id.bytes,
        execute_after=timedelta(seconds=wait),
        dedupe_key=f"retry {run_id}",
        on_conflict="skip",
    )


def parsed(job: Job, params: Mapping[str, Any] | Ask) -> Ask:
    """The parameters as the job's model; raises `Invalid` with pointers below `/params`."""
    if isinstance(params, job.params):
        return params
    try:
        return job.params.model_validate(params)
    except ValidationError as error:
        fields = [
            FieldError("/params/" + "/".join(map(str, entry["loc"])), entry["type"], entry["msg"])
            for entry in error.errors()
        ]
        raise Invalid(f"the parameters of {job.name} cannot be used", errors=fields) from None


def failure(error: ServiceError) -> dict[str, Any]:
    """The values of a failed run's record."""
    return {"error": problem(error, request_id=None, instance=None).model_dump(mode="json", by_alias=True)}
