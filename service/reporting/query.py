"""What may stand behind the question mark: a report's parameters, format and its options, nothing else."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal, TypeVar, cast, get_args, get_origin

from fastapi import Request
from fastapi.dependencies import utils as dependencies
from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

from service.core.errors import FieldError, Invalid, near_matches
from service.core.problems import validation_error
from service.reporting.formats import formatters
from service.reporting.report import Report, Style
from service.schemas.envelope import Ask
from service.schemas.exports import Delimiter, Durations, Locale

P = TypeVar("P", bound=Ask)

# FastAPI keeps the fields of the 128 query models that were used last (an `lru_cache` without a size). Beyond
# these it makes them anew at each request, and no OpenAPI document at all (`KeyError`): there it knows fields
# by their identity. We have more, and a fixed number of them, so all are kept.
_FIELDS: Final = dependencies.get_cached_model_fields.__wrapped__  # type: ignore[attr-defined]  # not exported
dependencies.get_cached_model_fields = cache(_FIELDS)  # type: ignore[attr-defined]


def report_query(report: Report[Any, Any]) -> type[Ask]:
    """The report's parameters together with format, language and file options."""
    names = ("json", *formatters(report))
    style: dict[str, Any] = {
        "format": (Literal[names] | None, Field(None, description="Default: what `Accept` asks for.")),
        "locale": (Locale, Field("en", description="Language of labels in HTML, CSV and XLSX.")),
        "delimiter": (Delimiter, Field(",", description="Between the cells of a CSV file.")),
        "bom": (bool, Field(False, description="Byte order mark in front of a CSV file.")),
        "durations": (Durations, Field("hms", description="How CSV files write durations.")),
    }
    return _joined(report, report.params, "Query", style)


def explain_query(report: Report[Any, Any]) -> type[Ask]:
    """The parameters of the report's explain route, with format and language."""
    assert report.explain_params is not None
    style: dict[str, Any] = {
        "format": (
            Literal["json", "html", "fragment"] | None,
            Field(None, description="`fragment`: HTML for a panel of a page."),
        ),
        "locale": (Locale, Field("en", description="Language of labels in HTML.")),
    }
    return _joined(report, report.explain_params, "ExplainQuery", style)


def taken_out(asked: Ask, params: type[P]) -> P:
    """The parameters without format and options; they were validated together with them."""
    names = params.model_fields
    values = {name: getattr(asked, name) for name in names}
    return cast(P, params.model_construct(asked.model_fields_set & names.keys(), **values))


def style_of(asked: Any) -> Style:
    """The options of a report's query as a style."""
    return Style(locale=asked.locale, delimiter=asked.delimiter, bom=asked.bom, durations=asked.durations)


def body_params(report: Report[Any, Any], given: Mapping[str, Any]) -> Ask:
    """The report's parameters of a body, unresolved. Raises `Invalid` with pointers below `/body/params`."""
    try:
        params: Ask = report.params.model_validate(given)
    except ValidationError as error:
        known = [info.alias or name for name, info in report.params.model_fields.items()]
        raise validation_error([_below(entry, known) for entry in error.errors()]) from None
    return params


def _below(entry: Any, known: Sequence[str]) -> dict[str, Any]:
    unknown = {"msg": _unknown(entry["loc"][0], known)} if entry["type"] == "extra_forbidden" else {}
    return {**entry, **unknown, "loc": ("body", "params", *entry["loc"])}


def strict_query(model: type[BaseModel]) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses what the model does not know (with near matches) and repeated values.

    Of a value given twice a framework would take the last: the caller would get another report than meant.
    """
    known = {info.alias or name: _takes_many(info) for name, info in model.model_fields.items()}

    async def check(request: Request) -> None:
        given = Counter(name for name, _ in request.query_params.multi_items())
        problems = [problem for name, times in given.items() if (problem := _problem(name, times, known))]
        if problems:
            raise Invalid("; ".join(problem.detail for problem in problems[:3]), errors=problems)

    return check


def _problem(name: str, times: int, known: Mapping[str, bool]) -> FieldError | None:
    if name not in known:
        return FieldError(f"/query/{name}", "unknown_parameter", _unknown(name, known))
    if times > 1 and not known[name]:
        return FieldError(f"/query/{name}", "repeated_parameter", f"{name} is given {times} times")
    return None


def _unknown(name: str, known: Iterable[str]) -> str:
    near = near_matches(name, known)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"there is no parameter {name!r}{hint}"


def _takes_many(info: FieldInfo) -> bool:
    kinds = {list, tuple, set, frozenset}
    annotation = info.annotation
    return any(part in kinds or get_origin(part) in kinds for part in (annotation, *get_args(annotation)))


def _joined(report: Report[Any, Any], base: type[Ask], suffix: str, style: dict[str, Any]) -> type[Ask]:
    taken = sorted(style.keys() & base.model_fields.keys())
    if taken:
        raise ValueError(f"report {report.name}: parameters {taken} are names of the framework")
    name = "".join(part.capitalize() for part in report.name.split("-")) + suffix
    model: type[Ask] = create_model(name, __base__=base, **style)
    return model
