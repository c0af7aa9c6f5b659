"""The house keeps its floors: who imports whom, who commits, what importing costs."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.auth import SCOPES, unknown_scopes
from service.core.runtime import CHORES
from service.core.settings import Settings, load_settings
from service.core.tasks import Job, housekeeping
from service.desks import all_desks, jobs_of, running_desks
from service.reporting.clientcode import HEADER

ROOT = Path(__file__).resolve().parents[1]
SERVICE = ROOT / "service"


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Every file of the service, read."""
    for path in sorted(SERVICE.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[str]:
    """The names of what a file calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield called.attr
            elif isinstance(called, ast.Name):
                yield called.id


def test_the_import_contracts_hold() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"
    ended = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert "0 broken" in ended.stdout


@pytest.mark.parametrize(
    ("module", "most"),
    [
        ("service", {"service"}),
        ("service.schemas", {"service", "pydantic", "pydantic_core", "annotated_types", "typing_extensions"}),
    ],
)
def test_importing_the_package_pulls_in_nothing(module: str, most: set[str]) -> None:
    code = f"import sys; before = set(sys.modules); import {module}; print(*(set(sys.modules) - before))"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in ended.stdout.split()}
    assert {name for name in loaded if name not in sys.stdlib_module_names} <= most


def test_only_the_database_and_the_migrations_commit() -> None:
    found = {str(path) for path, tree in sources() if "commit" in calls(tree)}
    # SQLite of the simulated upstream is not our database.
    ours = {path for path in found if not path.startswith("service/simulators/")}
    assert ours <= {"service/core/database/engine.py", "service/core/migrations.py"}


def test_nobody_walks_the_routes_of_an_application() -> None:
    """Routers are a tree since FastAPI 0.137: its own OpenAPI function and the scope know the way."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Attribute):
                assert node.iter.attr != "routes", path


def test_layers_are_pure_asgi() -> None:
    for path, tree in sources():
        names = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        assert "BaseHTTPMiddleware" not in names, path
        assert "middleware" not in {
            decorator.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.AsyncFunctionDef)
            for decorator in node.decorator_list
            if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
        }, path


def test_files_functions_and_their_names_keep_to_the_rules() -> None:
    """At most 350 lines a file and 60 a function without its docstring; no drawer for everything."""
    for path, tree in sources():
        source = (ROOT / path).read_text(encoding="utf-8")
        generated = path.parent.name == "client" and source.startswith(HEADER)
        length = source.count("\n")
        assert length <= 350 or generated, (path, length)
        assert path.stem not in {"utils", "helpers", "common", "misc", "manager", "base"}, path
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not generated:
                first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
                assert (node.end_lineno or 0) - first.lineno < 60, (path, node.name)


def every_job() -> list[Job]:
    return [*jobs_of(all_desks()), housekeeping(CHORES)]


def test_every_job_needs_a_scope_that_exists_and_can_be_scheduled() -> None:
    from croniter import croniter

    settings = load_settings(
        {
            "MUSTER_UPSTREAM__FRAPPE__URL": "https://hr.example.org",
            "MUSTER_UPSTREAM__FRAPPE__KEY": "k",
            "MUSTER_UPSTREAM__FRAPPE__SECRET": "s",
            "MUSTER_UPSTREAM__FRAPPE__TIME_ZONE": "UTC",
        }
    )
    jobs = every_job()
    assert len({job.name for job in jobs}) == len(jobs)
    assert unknown_scopes(job.needs for job in jobs) == {}
    for job in jobs:
        assert job.title
        assert job.deadline.total_seconds() > 0
        if job.cron is not None:
            job.params.model_validate(job.scheduled)
        expression = job.cron(settings) if job.cron is not None else None
        assert expression is None or croniter.is_valid(expression), job.name


def test_a_desk_is_one_word_everywhere() -> None:
    for desk in all_desks():
        assert all(job.name.startswith(f"{desk.name}.") for job in desk.jobs)
        assert all(scope.startswith(f"{desk.name}:") for scope in desk.scopes)
        assert set(desk.scopes) <= set(SCOPES)
        assert all(path.startswith(f"/v1/{desk.name}/") for path in desk.open_paths)
    assert [desk.name for desk in running_desks(Settings())] == [desk.name for desk in all_desks()]
    assert running_desks(Settings(desks=())) == []
