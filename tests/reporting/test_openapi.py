"""The OpenAPI document: stable names, examples that validate, problems as they are sent."""

from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Query
from pydantic import create_model

from service.reporting.formats.xlsx_file import MEDIA_TYPE as XLSX
from service.reporting.openapi import example_answer, openapi_document
from service.schemas.envelope import Explanation, GapListing, Listing, ReportAnswer, Run, RunEvent
from service.schemas.statements import ChangeListing, SealedReport, Statement, StatementCheck
from service.schemas.subscriptions import Delivery, NewSubscription, Subscription
from tests.reporting.conftest import make_app
from tests.reporting.stall import STALL


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document(make_app(), [STALL])


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation by its id."""
    found = [entry for path in document["paths"].values() for entry in path.values()]
    return {entry["operationId"]: entry for entry in found}


def test_names_are_stable(document: dict[str, Any]) -> None:
    assert set(operations(document)) == {
        "stall_reports", "stall_takings", "stall_takings_explain", "stall_day_sheet", "stall_day_sheet_explain",
        "runs_list", "runs_start", "runs_get", "runs_events", "runs_cancel", "gaps_list",
        "stall_seal", "statements_list", "statements_get", "statements_verify", "statements_changes",
        "statements_file", "statements_withdraw",
        "stall_ledger", "stall_export", "runs_file",
        "stall_subscriptions", "stall_subscription", "stall_subscribe", "stall_unsubscribe",
        "stall_resume_subscription", "stall_deliveries",
    }  # fmt: skip
    assert document["openapi"].startswith("3.1")
    assert {"name": "stall", "description": "What a market stall sold."} in document["tags"]


def test_answers_have_typed_schemas(document: dict[str, Any]) -> None:
    takings = operations(document)["stall_takings"]
    schema = takings["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/ReportAnswer_TakingsRow_"}
    assert set(takings["responses"]["200"]["content"]) == {
        "application/json", "text/csv", "text/html", "application/x-ndjson", XLSX,
    }  # fmt: skip
    assert "304" in takings["responses"]


def test_parameters_are_typed_with_examples(document: dict[str, Any]) -> None:
    parameters = {entry["name"]: entry for entry in operations(document)["stall_takings"]["parameters"]}
    assert parameters["from"]["schema"]["format"] == "date"
    assert parameters["from"]["example"] == "2026-10-01"
    assert parameters["format"]["schema"]["anyOf"][0]["enum"] == ["json", "csv", "html", "xlsx", "ndjson"]
    assert parameters["Min-Data-Version"]["in"] == "header"


MODELS = {
    "stall_takings_explain": Explanation, "stall_day_sheet_explain": Explanation,
    "runs_list": Listing[Run], "runs_get": Run, "runs_cancel": Run, "runs_start": Run,
    "runs_events": Listing[RunEvent], "gaps_list": GapListing, "stall_export": Run,
    "stall_seal": Statement, "statements_list": Listing[Statement], "statements_get": SealedReport,
    "statements_verify": StatementCheck, "statements_changes": ChangeListing,
    "statements_file": SealedReport, "statements_withdraw": Statement,
    "stall_subscriptions": Listing[Subscription], "stall_subscription": Subscription,
    "stall_subscribe": NewSubscription, "stall_unsubscribe": Subscription,
    "stall_resume_subscription": Subscription, "stall_deliveries": Listing[Delivery],
}  # fmt: skip
"""What each operation answers, but for the reports themselves."""


def success(operation: dict[str, Any]) -> dict[str, Any]:
    """What is said of the JSON of a good answer."""
    answer = next(said for status, said in operation["responses"].items() if status.startswith("2"))
    content: dict[str, Any] = answer.get("content", {}).get("application/json", {})
    return content


def test_q57_every_example_validates(document: dict[str, Any]) -> None:
    models: dict[str, Any] = {**MODELS}
    for report in STALL.reports:
        models[f"stall_{report.name.replace('-', '_')}"] = ReportAnswer[report.row]  # type: ignore[name-defined]
        ReportAnswer[report.row].model_validate(example_answer(report))  # type: ignore[name-defined]
        report.params.model_validate(report.example["params"])
    shown = {name: success(operation) for name, operation in operations(document).items()}
    examples = {name: said["example"] for name, said in shown.items() if "example" in said}
    assert set(examples) == set(models)
    for name, example in examples.items():
        models[name].model_validate(example)


def test_problems_are_documented_as_they_are_sent(document: dict[str, Any]) -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    for operation in operations(document).values():
        failures = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert {"401", "503"} <= set(failures) or operation["operationId"] == "stall_reports"
        for answer in failures.values():
            assert set(answer["content"]) == {"application/problem+json"}
            assert answer["content"]["application/problem+json"]["schema"] == problem
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_a_bare_application_has_a_document_too() -> None:
    assert openapi_document(FastAPI(title="Bare", version="0"), [])["paths"] == {}


def test_more_query_models_than_the_framework_keeps_make_one_document() -> None:
    app = FastAPI()

    def add(number: int) -> None:
        asked = create_model(f"Asked{number}", **{f"p{number}": (int, 0)})  # type: ignore[call-overload]

        async def route(ask: Annotated[asked, Query()]) -> None:  # type: ignore[valid-type]
            """It only stands in the document."""

        app.get(f"/{number}")(route)

    for number in range(300):
        add(number)
    paths = app.openapi()["paths"]
    names = [paths[f"/{number}"]["get"]["parameters"][0]["name"] for number in range(300)]
    assert names == [f"p{number}" for number in range(300)]
