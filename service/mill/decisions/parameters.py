"""Planning parameters put in force."""

from collections.abc import Mapping

from service.access.answering import require_version
from service.access.audit import record
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.versions import raise_versions
from service.mill.answers.parameters import with_changes
from service.mill.queries import scopes
from service.mill.queries.parameters import (
    count_settings,
    insert_parameters,
    lock_parameters,
    select_parameters,
)
from service.schemas.mill.parameters import MillParametersAsk


async def put_parameters(
    conn: WriteConnection, caller: Caller, asked: MillParametersAsk, if_match: str | None
) -> Mapping[str, int]:
    """These values hold from now on; the versions raised.

    Raises `Invalid` with near names, `PreconditionRequired`, `PreconditionFailed`.
    """
    await lock_parameters(conn)
    require_version(await count_settings(conn), if_match)
    held = (await select_parameters(conn)).values
    after = with_changes(held, asked.values, "/body/values").as_values()
    before = held.as_values()
    differing = {name: value for name, value in asked.values.items() if before[name] != after[name]}
    if not differing:
        return {}
    await insert_parameters(conn, differing, caller.id, asked.reason)
    await record(
        conn, caller, "mill.parameters_put", "mill:parameters",
        before={name: before[name] for name in differing},
        after={"values": {name: after[name] for name in differing}, "reason": asked.reason},
    )  # fmt: skip
    return await raise_versions(conn, [scopes.PARAMETERS])
