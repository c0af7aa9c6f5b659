"""The checked-in desks of the client are those of the application as it is."""

import json
from pathlib import Path
from typing import Any

import pytest

import service.client
from service.app import create_app
from service.client.testing import FakeMuster
from service.core.settings import Settings
from service.reporting.clientcode import HEADER, client_source, untyped_answers
from service.reporting.clientcode._operations import METHODS, by_desk, method_name

FOLDER = Path(service.client.__file__).parent


@pytest.fixture(scope="module")
def openapi() -> dict[str, object]:
    """The document of the application with every desk."""
    return create_app(Settings()).openapi()


def test_the_generated_files_are_current(openapi: dict[str, object]) -> None:
    """When this fails: `muster openapi --write-client`."""
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")}
    generated = {name: source for name, source in found.items() if source.startswith(HEADER)}
    assert generated == client_source(openapi)


def test_q57_every_answer_has_a_type_of_the_schemas(openapi: dict[str, object]) -> None:
    """What travels on the wire belongs into `service.schemas`, or the client gives plain data."""
    assert untyped_answers(openapi) == []


async def test_q57_every_operation_is_a_method_of_both_clients(openapi: dict[str, object]) -> None:
    fake = FakeMuster()
    count = 0
    with fake.client_sync() as blocking:
        async with fake.client() as muster:
            for desk, specs in by_desk(openapi).items():
                for _, _, spec in specs:
                    name = method_name(desk, spec)
                    assert callable(getattr(getattr(muster, desk), name))
                    assert callable(getattr(getattr(blocking, desk), name))
                    count += 1
    paths = openapi["paths"]
    assert isinstance(paths, dict)
    assert count == sum(method in METHODS for item in paths.values() for method in item)


def test_no_operation_names_a_model_that_shares_its_name(openapi: dict[str, object]) -> None:
    """OpenAPI tells two classes of one name apart by their modules, the client would take either."""
    document: Any = openapi
    schemas = document["components"]["schemas"].values()
    rows = [one["properties"]["items"] for one in schemas if "items" in one.get("properties", {})]
    assert "#/components/schemas/service__" not in json.dumps([document["paths"], rows])
