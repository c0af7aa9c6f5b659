"""The generator: what it writes is what the formatter, the linter and the type checker want, and it works."""

import asyncio
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.client import CallOptions, Invalid, MusterClient
from service.client._loop import LoopThread
from service.reporting.clientcode import (
    HEADER,
    ClientCodeError,
    _package,
    client_source,
    untyped_answers,
    write_client,
)
from service.schemas.envelope import Gap, RunAsk
from tests.client import desk

ROOT = Path(__file__).parents[2]
USE = """
from collections.abc import Callable
from typing import assert_type

from made._desks import Desks, DesksSync
from service.client import Pages, ReportCall
from service.schemas.envelope import Change, Explanation, Gap, GapListing, Listing, ReportAnswer, Run, RunAsk


async def use(muster: Desks) -> None:
    assert_type(await muster.attendance.gaps(site=["Villas"], from_="2026-10-01"), Listing[Gap])
    assert_type([gap async for gap in muster.attendance.gaps()], list[Gap])
    assert_type(await muster.attendance.changes(month="2026-10", group_by="site"), ReportAnswer[Change])
    assert_type(await muster.attendance.people_explain("7", "2026-10-01"), Explanation)
    assert_type(await muster.runs.start(RunAsk(job="x")), Run)
    assert_type(await muster.attendance.import_(b""), Gap | Run)
    assert_type(await muster.runs.gaps(), GapListing)
    assert_type([gap async for gap in muster.runs.gaps()], list[Gap])
    muster.attendance.changes(month="2026-10", group_by="nobody")  # type: ignore[arg-type]


def use_blocking(muster: DesksSync) -> None:
    assert_type(muster.attendance.gaps(site=["Villas"]).page(), Listing[Gap])
    assert_type(muster.runs.gaps().page(), GapListing)
    assert_type(list(muster.runs.gaps()), list[Gap])
    assert_type(list(muster.attendance.gaps()), list[Gap])
    assert_type(muster.attendance.changes(month="2026-10"), ReportAnswer[Change])
    assert_type(muster.runs.start(RunAsk(job="x")), Run)
    muster.attendance.changes(month=3)  # type: ignore[arg-type]
    muster.attendance.people_explain("7")  # type: ignore[call-arg]
"""


def written(folder: Path) -> Path:
    """The generated files as a package of their own."""
    package = folder / "made"
    package.mkdir()
    (package / "__init__.py").touch()
    for name, source in client_source(desk.app().openapi()).items():
        generated = r"service\.client\.(?=_?attendance|_?runs|service)"
        (package / name).write_text(re.sub(generated, "made.", source))
    return package


@pytest.fixture(params=[340, 50], ids=["one module", "parts"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The generated desks, imported."""
    monkeypatch.setattr(_package, "LONGEST", request.param)
    written(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        yield importlib.import_module("made._desks")
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "made"]:
            del sys.modules[name]


def over_asgi() -> MusterClient:
    return MusterClient("http://muster", transport=httpx.ASGITransport(app=desk.app()))


async def test_q57_every_operation_is_called_through_the_client(made: Any) -> None:
    async with over_asgi() as muster:
        desks = made.Desks(muster._session)
        page = await desks.attendance.gaps(site=["Villas", "Mill"], from_=date(2026, 10, 1), limit=3)
        assert [gap.code for gap in page.items] == ["g0", "g1", "g2"]
        assert (page.items[0].need, page.items[0].have) == ("Mill,Villas", "2026-10-01")
        assert [gap.code async for gap in desks.attendance.gaps(limit=3)] == [f"g{n}" for n in range(7)]
        report = await desks.attendance.changes(month="2026-10", share="0.10", all_=True, status='\t"a, ]b')
        told = {"month": "2026-10", "share": "0.10", "all": True, "status": '\t"a, ]b', "order": "name"}
        assert {name: report.params[name] for name in told} == told
        assert report.items[0].key == {"subject": "x"}
        why = await desks.attendance.people_explain("A B?ä", "2026-10-01", class_=3)
        assert why.subject == "A B?ä 2026-10-01 3"
        gap = Gap(code="c", need="n", have="h")
        assert (await desks.attendance.people_put("7", gap, if_match='"e"')).subject == '7 "e"'
        assert await desks.attendance.import_(b"known") == Gap(code="known", need="n", have="h")
        assert (await desks.attendance.import_(b"a,b\n")).id == "text/csv 4"
        assert (await desks.runs.start(RunAsk(job="x"))).job == "x"
        assert await desks.runs.delete("7") is None
        assert await desks.runs.void("7", RunAsk(job="x")) is None
        assert muster._session._shared.written.token() == "7/x:1"
        made_by_form = await desks.runs.form({"run": "a b&c", "note": None})
        assert (made_by_form.id, made_by_form.job) == ("a b&c", "None")
        assert await desks.runs.file("7", part=2) == b"file 7 2"
        assert (await desks.attendance.people_put("7", gap, if_match=3)).subject == '7 "3"'
        assert (await desks.runs.gaps()).desks == {"a": 1}
        assert [gap.code async for gap in desks.runs.gaps()] == ["0", "1"]
        assert await desks.runs.log("7") == "log of 7"
        assert await desks.service.livez() == {"status": "ok"}


async def test_a_report_and_a_refusal(made: Any, tmp_path: Path) -> None:
    async with over_asgi() as muster:
        desks = made.Desks(muster._session)
        whole = await desks.runs.file("7").download(tmp_path / "whole.zip")
        assert whole.read_bytes() == b"file 7 0"
        path = await desks.attendance.changes(month="2026-10").download(tmp_path / "c.csv", "csv")
        assert path.read_bytes() == b"subject\r\nx\r\n"
        with pytest.raises(Invalid):
            await desks.attendance.gaps(limit=1001)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(desks.attendance.changes(month="2026-10"))
        assert task.result().report == "changes"


def test_the_blocking_desks_do_the_same(made: Any, tmp_path: Path) -> None:
    loop = LoopThread()
    muster = over_asgi()
    desks = made.DesksSync(made.Desks(muster._session), loop)
    try:
        assert len(desks.attendance.gaps(limit=3).page().items) == 3
        assert [gap.code for gap in desks.attendance.gaps(limit=3)] == [f"g{n}" for n in range(7)]
        assert [len(page.items) for page in desks.attendance.gaps(limit=3).pages()] == [3, 3, 1]
        assert desks.attendance.changes(month="2026-10").report == "changes"
        path = desks.attendance.changes.download(tmp_path / "c.csv", "csv", month="2026-10")
        assert path.read_bytes() == b"subject\r\nx\r\n"
        assert desks.runs.file("7", part=1) == b"file 7 1"
        assert desks.runs.file.download(tmp_path / "f", "7", part=3).read_bytes() == b"file 7 3"
        assert desks.runs.log("7", options=CallOptions(retries=0)) == "log of 7"
        assert desks.runs.log.__doc__ == made.Desks(muster._session).runs.log.__doc__
        with pytest.raises(Invalid):
            desks.attendance.gaps(limit=0).page()
        loop.run(muster.aclose())
    finally:
        loop.close()


@pytest.mark.parametrize("longest", [340, 50])
def test_it_is_as_formatter_linter_and_type_checker_want_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    monkeypatch.setattr(_package, "LONGEST", longest)
    raw = tmp_path / "raw"
    raw.mkdir()
    write_client(desk.app().openapi(), raw)
    config = f"--config={ROOT / 'pyproject.toml'}"
    assert_content("ruff", "format", "--check", "--diff", config, str(raw))
    assert_content("ruff", "check", config, "--no-cache", str(raw))
    written(tmp_path)
    (tmp_path / "use.py").write_text(USE)
    monkeypatch.setenv("MYPYPATH", str(tmp_path))
    cache = str(ROOT / ".mypy_cache" / "clientcode")
    assert_content("mypy", "--cache-dir", cache, "-p", "made", "-m", "use")


def assert_content(*command: str) -> None:
    """A tool of this environment, run at the root of the project, finds nothing; its words are the failure's."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_written_kept_and_removed(tmp_path: Path) -> None:
    openapi = desk.app().openapi()
    changed = write_client(openapi, tmp_path)
    assert {path.name for path in changed} == {"_desks.py", "attendance.py", "runs.py", "service.py"}
    assert all(path.read_text().startswith(HEADER) for path in changed)
    assert write_client(openapi, tmp_path) == []
    (tmp_path / "own.py").write_text("# by hand\n")
    del openapi["paths"]["/livez"]
    assert {path.name for path in write_client(openapi, tmp_path)} == {"_desks.py", "service.py"}
    assert {path.name for path in tmp_path.iterdir()} == {"_desks.py", "attendance.py", "own.py", "runs.py"}


def test_a_file_by_hand_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "runs.py").write_text("# by hand\n")
    with pytest.raises(ClientCodeError, match=r"runs\.py"):
        write_client(desk.app().openapi(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["runs.py"]


def answering(schema: dict[str, Any], **operation: Any) -> dict[str, Any]:
    """A document with one operation."""
    content = {"application/json": {"schema": schema}}
    spec = {"operationId": "a_b", "tags": ["a"], "responses": {"200": {"content": content}}, **operation}
    return {"paths": {"/b": {"get": spec}}, "components": {"schemas": {"Elsewhere": {"title": "Elsewhere"}}}}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (answering({"type": "string"}), "an answer is an object, not string"),
        (answering({"$ref": "#/components/schemas/Run"}, tags=["errors"]), "cannot be called errors"),
    ],
)
def test_an_operation_without_a_shape_is_named(document: dict[str, Any], says: str) -> None:
    with pytest.raises(ClientCodeError, match=says):
        client_source(document)


def test_an_answer_of_elsewhere_is_plain_data_and_reported() -> None:
    document = answering({"$ref": "#/components/schemas/Elsewhere"})
    assert " -> dict[str, Any]:" in client_source(document)["a.py"]
    assert untyped_answers(document) == ["GET /b: Elsewhere"]
    assert untyped_answers(answering({"$ref": "#/components/schemas/Run"})) == []


@pytest.mark.parametrize(
    ("schema", "argument"),
    [
        ({"type": "null"}, None),
        ({"anyOf": [{"type": "null"}]}, None),
        ({"type": "array", "items": {"type": "null"}}, "never: Sequence[None] | None = None"),
    ],
)
def test_a_field_that_can_only_be_null_is_written_as_python(
    schema: dict[str, Any], argument: str | None
) -> None:
    parameters = [{"name": "never", "in": "query", "required": False, "schema": schema}]
    document = answering({"$ref": "#/components/schemas/Run"}, parameters=parameters)
    written = client_source(document)["a.py"]
    compile(written, "a.py", "exec")
    assert ("never" in written) == (argument is not None)
    assert (argument or "") in written


def test_two_operations_of_one_name_are_refused() -> None:
    document = answering({"$ref": "#/components/schemas/Run"})
    document["paths"]["/c"] = document["paths"]["/b"]
    with pytest.raises(ClientCodeError, match="a second method called b"):
        client_source(document)


@pytest.mark.parametrize(
    ("component", "title", "type_"),
    [
        ("Run", "Run", "Run"),
        ("Gap-Output", "Gap", "Gap"),
        ("service__schemas__envelope__Gap", "Gap", "Gap"),
        ("Listing_Gap_", "Listing[Gap]", "Listing[Gap]"),
        ("ReportAnswer_Change_", "", "ReportAnswer[Change]"),
        ("ReportAnswer_Change_", "Another title", "ReportAnswer[Change]"),
    ],
)
def test_components_are_the_classes_of_the_schemas(component: str, title: str, type_: str) -> None:
    document = answering({"$ref": f"#/components/schemas/{component}"})
    document["components"]["schemas"][component] = {"title": title}
    assert f" -> {type_}:" in client_source(document)["a.py"].replace(
        "ReportCall[ReportAnswer[Change]]", type_
    )


def test_nothing_to_write_is_a_client_without_desks() -> None:
    assert list(client_source({})) == ["_desks.py"]
