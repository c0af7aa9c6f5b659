"""What an error of the database, its driver or the network means to a caller."""

from traceback import walk_tb

import asyncpg
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.core.errors import Conflict, Invalid, ServiceError, Unavailable

# SQLSTATE classes (PostgreSQL documentation, appendix A) that mean: the value was refused.
_VALUE_REFUSED = ("22", "23502", "23514")
# Connection, resources, operator intervention (timeouts, shutdown), lock not available, rolled back.
_NOT_NOW = ("08", "53", "57", "55P03", "40")
# Only who connects meets these: no such database, password refused. Somebody is at work on the server.
_NO_WAY_IN = ("3D000", "28")
# The server or the way to it went away, so that the same work succeeds once it is back. 57014 is a
# statement that took too long: not among them.
_AWAY = ("08", "57P", *_NO_WAY_IN)
_RETRY_AFTER = 2


def failure_of(error: BaseException) -> ServiceError:
    """The `ServiceError` that any error amounts to; a plain one (500) for what nobody expected."""
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, PoolTimeout):
        return Unavailable("all database connections are busy; try again", retry_after=_RETRY_AFTER)
    if isinstance(error, DBAPIError | asyncpg.PostgresError | asyncpg.InterfaceError):
        return database_error(error)
    if isinstance(error, OSError) and _came_from_the_database(error):
        return _not_now()
    return _refused_value(error) or _unexpected()


def database_error(error: DBAPIError | asyncpg.PostgresError | asyncpg.InterfaceError) -> ServiceError:
    """What a database error means to a caller; the statement and its values stay here.

    Unique violation 409, rejected value 422, no connection or no time 503, everything else 500.
    """
    state = _sqlstate(error)
    if state == "23505":
        return Conflict("there is one with the same key already", code="already_exists")
    if state == "23503":
        return Invalid("a value refers to something that is not there", code="unknown_reference")
    if state.startswith(_VALUE_REFUSED):
        return _refused()
    # Without a state it is the driver's own error: it lost the connection, or has none.
    if not state or state.startswith(_NOT_NOW) or database_is_away(error):
        return _not_now()
    return _unexpected()


def database_is_away(error: BaseException) -> bool:
    """Whether the database or the way to it was lost: what was under way may be done again."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, DBAPIError | asyncpg.PostgresError | asyncpg.InterfaceError):
        state = _sqlstate(error)
        return not state or state.startswith(_AWAY)
    return isinstance(error, OSError) and _came_from_the_database(error)


def _sqlstate(error: BaseException) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(original, "sqlstate", None) or getattr(original, "pgcode", None) or "")


def _came_from_the_database(error: BaseException) -> bool:
    """Whether a refused connection or time-out arose in the driver and not in somebody else's call."""
    modules = (frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__))
    return any(name.startswith(("asyncpg.", "sqlalchemy.")) for name in modules)


def _refused_value(error: BaseException) -> Invalid | None:
    """What a value can do before it reaches the database."""
    if isinstance(error, StatementError) and isinstance(error.orig, ValueError | TypeError | OverflowError):
        return _refused()
    if isinstance(error, OverflowError):
        # Calendars end: a date of year 9999 has no next month. No stored value is near such an end.
        return Invalid("a value is beyond what can be computed with", code="value_out_of_range")
    return None


def _unexpected() -> ServiceError:
    return ServiceError("the service failed on this request; its log holds the reason under this request_id")


def _refused() -> Invalid:
    return Invalid("a value is of a kind or size the database does not take", code="value_refused")


def _not_now() -> Unavailable:
    return Unavailable("the database does not answer in time", retry_after=_RETRY_AFTER)
