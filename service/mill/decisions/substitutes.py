"""Substitutes named and approved by somebody who may, each time on record (spec E.13)."""

from typing import Any

from sqlalchemy import Row

from service.access import audit
from service.access.answering import require_version
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import FieldError, Invalid, NotFound, unknown_value
from service.mill.answers.substitutes import make_of
from service.mill.queries import substitutes
from service.mill.queries.known import near_codes
from service.mill.rules.substitution import likeness
from service.schemas.mill.substitutes import MillSubstituteAsk


async def put(
    conn: WriteConnection, caller: Caller, yarn: Row[Any], asked: MillSubstituteAsk, if_match: str | None
) -> dict[str, Any]:
    """Name a substitute as it is to be. One that is there is changed at the version `If-Match` names.

    Raises `Invalid` for the yarn itself, for spun with filament, for a score that nobody can compute.
    """
    other = await substitutes.select_yarn(conn, asked.substitute)
    if other is None:
        near = await near_codes(conn, "yarn", asked.substitute)
        raise unknown_value("/body/substitute", "yarn", asked.substitute, near)
    score = _score(yarn, other, asked)
    before = await substitutes.lock_substitute(conn, yarn.id, other.id)
    if before is not None:
        require_version(before.row_version, if_match)
    values = {
        "score": score, "factor": asked.factor, "approved": asked.approved, "valid_from": asked.valid_from,
        "valid_to": asked.valid_to,
    }  # fmt: skip
    version = await substitutes.put_substitute(conn, {"yarn": yarn.id, "substitute": other.id, **values})
    shown = {
        "yarn_code": yarn.yarn_code,
        "substitute": other.yarn_code,
        **_shown(values),
        "row_version": version,
    }
    await audit.record(
        conn, caller, "mill.substitute_put", f"yarn:{yarn.yarn_code}",
        before=None if before is None else _plain(before), after={**_texts(shown), "reason": asked.reason},
    )  # fmt: skip
    return shown


def _score(yarn: Row[Any], other: Row[Any], asked: MillSubstituteAsk) -> Any:
    if yarn.id == other.id:
        raise _bad("substitute", "itself", "a yarn is no substitute for itself")
    if asked.valid_from is not None and asked.valid_to is not None and asked.valid_from >= asked.valid_to:
        raise _bad("valid_to", "ends_before_it_begins", "the last day lies before the first")
    one, made = make_of(yarn), make_of(other)
    if one.size is not None and made.size is not None and one.size.form != made.size.form:
        raise _bad("substitute", "spun_with_filament", "spun yarn never stands for filament, nor the reverse")
    computed = likeness(one, made)
    score = asked.score if asked.score is not None else computed
    if score is None:
        raise _bad("score", "score_needed", "colour, blend or size of either is not known: say the score")
    return score


async def remove(
    conn: WriteConnection, caller: Caller, yarn: Row[Any], substitute: str, reason: str | None,
    if_match: str | None,
) -> dict[str, Any]:  # fmt: skip
    """No longer a substitute; what it was. Raises `NotFound`."""
    other = await substitutes.select_yarn(conn, substitute)
    before = None if other is None else await substitutes.lock_substitute(conn, yarn.id, other.id)
    if other is None or before is None:
        raise NotFound(f"{substitute} is no substitute for {yarn.yarn_code}", code="substitute_not_found")
    require_version(before.row_version, if_match)
    await substitutes.delete_substitute(conn, yarn.id, other.id)
    subject = f"yarn:{yarn.yarn_code}"
    gone = {**_plain(before), "substitute": other.yarn_code}
    await audit.record(
        conn, caller, "mill.substitute_removed", subject, before=gone, after={"reason": reason}
    )
    return {"yarn_code": yarn.yarn_code, "substitute": other.yarn_code, **_shown(before._asdict())}


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "score": f"{values['score']:.4f}", "factor": f"{values['factor']:.6f}"}


def _plain(row: Row[Any]) -> dict[str, Any]:
    return _texts(_shown(row._asdict()))


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, bool | int) else str(value)
        for name, value in values.items()
    }


def _bad(name: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"/body/{name}", code, detail)])
