"""`/v1/logs`: which loggers write from which level on, changed while the service runs."""

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.access import audit
from service.core.auth import Caller, needs
from service.core.database import AWAY, Database
from service.core.errors import Conflict, NotFound, near_matches
from service.core.inbound import RuntimeDep
from service.core.telemetry import LEVELS, LEVELS_CHANNEL, get_logger
from service.core.versions import announce
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask, Wire
from service.schemas.monitoring.logs import ChangedLevel, LevelAsk, LoggerLevel, LoggerLevels

router = APIRouter(prefix="/v1/logs", tags=["monitoring"], dependencies=[Depends(strict_query(Ask))])
log = get_logger(__name__)

Admin = Annotated[Caller, Depends(needs("admin"))]
_EXAMPLE: Final[dict[str, Any]] = {
    "logger": "service.sql", "level": "DEBUG", "setting": None, "changed": "DEBUG",
}  # fmt: skip
_ROOT: Final[dict[str, Any]] = {"logger": "root", "level": "INFO", "setting": "INFO", "changed": None}


@router.get(
    "",
    operation_id="monitoring_logs",
    summary="The loggers and their levels",
    response_model=LoggerLevels,
    responses={
        **problem_responses(401, 403, 422),
        200: {"content": {"application/json": {"example": {"items": [_ROOT, _EXAMPLE]}}}},
    },
)
async def get_levels(_: Admin) -> Response:
    """Those with a rule, and every logger of the service; in the process that answers."""
    ruled = {rule.logger for rule in LEVELS.rules()}
    ours = {name for name in LEVELS.known() if name.partition(".")[0] == "service"}
    names = sorted(ruled | ours, key=lambda name: (name != "root", name))
    return _json(LoggerLevels(items=[LoggerLevel(**_standing(name)) for name in names]))


@router.put(
    "/{logger}",
    operation_id="monitoring_set_log_level",
    summary="Change the level of a logger",
    description="Of this logger and those below it (`service.core` for `service.core.tasks`), at once, in "
    "every process of the installation that is connected to the database. It holds until they restart. "
    "`service.sql` at `DEBUG` shows the statements, without their values.",
    response_model=ChangedLevel,
    responses={
        **problem_responses(401, 403, 404, 409, 422),
        200: {"content": {"application/json": {"example": {**_EXAMPLE, "announced": True}}}},
    },
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"level": "DEBUG"}}}}},
)
async def set_level(runtime: RuntimeDep, caller: Admin, logger: str, asked: LevelAsk) -> Response:
    """Here first, so that it works while the database is away as well."""
    if logger not in LEVELS.known():
        near = near_matches(logger, LEVELS.known())
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise NotFound(f"there is no logger {logger!r}{hint}", code="unknown_logger")
    before = LEVELS.level_of(logger)
    try:
        LEVELS.change(logger, asked.level)
    except ValueError as error:
        raise Conflict(str(error), code="too_many_levels") from error
    after = LEVELS.level_of(logger)
    log.warning("log_level_changed", logger=logger, before=before, after=after, by=caller.id)
    told = await _tell(runtime.database, caller, logger, asked.level, before=before, after=after)
    return _json(ChangedLevel(**_standing(logger), announced=told))


async def _tell(
    database: Database, caller: Caller, logger: str, level: str | None, *, before: str, after: str
) -> bool:
    """Put it on record and tell the other processes; False while the database is away."""
    payload = orjson.dumps({"logger": logger, "level": level}).decode()
    try:
        async with database.write() as conn:
            await audit.record(
                conn,
                caller,
                "log.level_changed",
                f"logger:{logger}",
                before={"level": before},
                after={"level": after},
            )
            await announce(conn, LEVELS_CHANNEL, payload)
    except AWAY as error:
        log.warning("log_level_not_announced", logger=logger, error=type(error).__name__)
        return False
    return True


def _standing(logger: str) -> dict[str, Any]:
    rule = LEVELS.rule(logger)
    return {
        "logger": logger,
        "level": LEVELS.level_of(logger),
        "setting": rule.setting,
        "changed": rule.changed,
    }


def _json(answer: Wire) -> Response:
    return Response(
        answer.model_dump_json(by_alias=True),
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )
