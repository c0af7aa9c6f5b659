"""The API as it was promised: `docs/openapi.json` is current, and nothing that callers use has gone.

After a change on purpose: `muster openapi --write docs/openapi.json`, and the next version says what broke.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.app import create_app
from service.core.settings import Settings
from tests.support.scopes import ours_alone

SNAPSHOT = Path(__file__).parents[1] / "docs" / "openapi.json"


def breaking(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """What a caller of `before` would stumble over: gone operations, parameters and fields, new duties."""
    for path, operations in before["paths"].items():
        for method, operation in operations.items():
            now = after["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{method} {path} is gone"
                continue
            yield from _operation(f"{method} {path}", operation, now)
    for name, schema in before["components"]["schemas"].items():
        yield from _schema(name, schema, after["components"]["schemas"].get(name))


def _operation(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if before["operationId"] != after["operationId"]:
        yield f"{name}: operationId {before['operationId']} became {after['operationId']}"
    was = {parameter["name"]: parameter for parameter in before.get("parameters", [])}
    now = {parameter["name"]: parameter for parameter in after.get("parameters", [])}
    for parameter in was.keys() - now.keys():
        yield f"{name}: parameter {parameter} is gone"
    for parameter, described in now.items():
        if described.get("required") and not was.get(parameter, {}).get("required"):
            yield f"{name}: parameter {parameter} is required now"


def _schema(name: str, before: dict[str, Any], after: dict[str, Any] | None) -> Iterator[str]:
    if after is None:
        yield f"schema {name} is gone"
        return
    for field, described in before.get("properties", {}).items():
        now = after.get("properties", {}).get(field)
        if now is None:
            yield f"{name}.{field} is gone"
        elif described.get("type") != now.get("type"):
            yield f"{name}.{field} was {described.get('type')}, is {now.get('type')}"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with ours_alone():
        made: dict[str, Any] = json.loads(json.dumps(create_app(Settings()).openapi()))
    return made


def test_q57_nothing_that_callers_use_has_gone(document: dict[str, Any]) -> None:
    assert list(breaking(json.loads(SNAPSHOT.read_text()), document)) == []


def test_the_snapshot_is_current(document: dict[str, Any]) -> None:
    assert json.loads(SNAPSHOT.read_text()) == document, "run `muster openapi --write docs/openapi.json`"


def test_the_comparison_sees_what_breaks(document: dict[str, Any]) -> None:
    changed = copy.deepcopy(document)
    del changed["paths"]["/v1/attendance/sites"]
    sheet = changed["paths"]["/v1/attendance/reports/monthly-sheet"]["get"]
    sheet["parameters"] = [one for one in sheet["parameters"] if one["name"] != "site"]
    sheet["parameters"].append({"name": "company_id", "in": "query", "required": True, "schema": {}})
    del changed["components"]["schemas"]["MonthlySheetRow"]["properties"]["person"]
    assert set(breaking(document, changed)) == {
        "get /v1/attendance/sites is gone",
        "get /v1/attendance/reports/monthly-sheet: parameter site is gone",
        "get /v1/attendance/reports/monthly-sheet: parameter company_id is required now",
        "MonthlySheetRow.person is gone",
    }
