"""Planning parameters as people change them, and as they see them."""

from collections.abc import Mapping
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid
from service.mill.queries.parameters import count_settings, select_parameters, select_past
from service.mill.rules.parameters import DEFAULTS, BadParameters, Parameters

MOST_TOLD: Final = 100


def with_changes(
    values: Parameters, changes: Mapping[str, Any], pointer: str = "/body/parameters"
) -> Parameters:
    """A set with some values changed; null takes a name back to its default. Raises `Invalid`."""
    kept = {name: value for name, value in values.as_values().items() if changes.get(name, value) is not None}
    try:
        return Parameters.from_values({**kept, **_given(values, changes)})
    except BadParameters as error:
        raise Invalid(str(error), errors=[FieldError(pointer, "bad_parameter", str(error))]) from None


def _given(values: Parameters, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is not null; a name that there is not stays, to be refused."""
    known = values.as_values()
    return {name: value for name, value in changes.items() if value is not None or name not in known}


async def parameters_shown(conn: ReadConnection) -> dict[str, Any]:
    """The set in force and what was set before."""
    held, count = await select_parameters(conn), await count_settings(conn)
    return {
        "version": count,
        "rules_version": held.version,
        "since": held.since,
        "values": held.values.as_values(),
        "changed": held.values.changed(),
        "defaults": DEFAULTS.as_values(),
        "history": [row._asdict() for row in await select_past(conn, MOST_TOLD)],
        "history_count": count,
    }
