"""What is shipped: the wheel, the lock, the image, the composition; read as files, no engine needed."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
LEFTOVERS = {"__pycache__", ".DS_Store"}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def lock() -> dict[str, Any]:
    return tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))


def _one_public_index(source: dict[str, str]) -> bool:
    """No mirror, no folder and no credential of the machine that locked: the same index for every package."""
    indexes = {package["source"].get("registry") for package in lock()["package"]} - {None}
    address = source.get("registry", "")
    return indexes == {address} and address.startswith("https://") and "@" not in address


def files_below(folder: str) -> set[str]:
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if not LEFTOVERS & set(path.parts)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as opened:
        return opened


def test_the_wheel_holds_every_file_of_the_service(wheel: zipfile.ZipFile) -> None:
    """Code, templates, styles, `py.typed`: whatever lies in the package."""
    assert files_below("service") - set(wheel.namelist()) == set()


def test_the_wheel_holds_the_migrations(wheel: zipfile.ZipFile) -> None:
    wanted = {f"service/{name}" for name in files_below("alembic")} | {"service/alembic.ini"}
    assert wanted - set(wheel.namelist()) == set()
    assert "service/alembic/env.py" in wheel.namelist()


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    others = [name for name in wheel.namelist() if not name.startswith(("service/", "muster_service-"))]
    assert others == []
    assert not [name for name in wheel.namelist() if name.endswith(".pyc")]


def test_the_wheel_names_its_command_and_licence(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    with zipfile.ZipFile(wheel.filename or "") as opened:
        assert "muster = service.cli:main" in opened.read(entry_points).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_lock_has_hashes_and_only_the_public_index() -> None:
    for package in lock()["package"]:
        source = package["source"]
        assert source == {"editable": "."} or _one_public_index(source), package["name"]
        if "registry" not in source:
            continue
        archives = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert archives, package["name"]
        for archive in archives:
            assert archive["hash"].startswith("sha256:")
            assert archive["url"].startswith("https://")


def test_the_lock_is_of_this_project_file() -> None:
    """As `uv lock --check`, without an index: each requirement stands in the lock as it stands here."""
    (ours,) = (package for package in lock()["package"] if package["name"] == "muster-service")
    described = project()["project"]
    extras = [line for lines in described["optional-dependencies"].values() for line in lines]
    assert {entry["name"]: entry.get("specifier", "") for entry in ours["metadata"]["requires-dist"]} == dict(
        named(line) for line in [*described["dependencies"], *extras]
    )
    dev = ours["metadata"]["requires-dev"]["dev"]
    assert {entry["name"]: entry.get("specifier", "") for entry in dev} == dict(
        named(line) for line in project()["dependency-groups"]["dev"]
    )


def named(requirement: str) -> tuple[str, str]:
    """`name[extra]>=1,<2` → (`name`, `>=1,<2`)."""
    found = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?\s*(.*)", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[1]).lower(), found[2].replace(" ", "")


def test_the_image_is_small_checked_and_not_root() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    assert len(stages) == 2
    runtime = stages[-1]
    users = re.findall(r"^USER (\S+)", runtime, flags=re.MULTILINE)
    assert users == ["10001:10001"]
    assert "/livez" in runtime.partition("HEALTHCHECK")[2]
    assert "EXPOSE 8000" in runtime
    assert '["serve"]' in runtime
    assert "--frozen --no-dev" in stages[0]


def test_what_the_image_copies_exists_and_is_let_in() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", text, flags=re.MULTILINE)
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in " ".join(copies).split():
        assert (ROOT / name).exists(), name
        assert f"!{name}" in let_in, name


def test_the_composition_waits_for_a_healthy_database_and_writes_nowhere() -> None:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    services = composed["services"]
    assert set(services) == {"database", "migrate", "service"}
    assert services["database"]["image"] == "postgres:16"
    assert "pg_isready" in services["database"]["healthcheck"]["test"][1]
    service = services["service"]
    assert service["read_only"] is True
    assert service["depends_on"]["database"]["condition"] == "service_healthy"
    assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_composition_holds_no_secret() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    composed = yaml.safe_load(text)
    for name in ("POSTGRES_PASSWORD", "MUSTER_SECRET_KEYS"):
        assert f"${{{name}:?" in text, "required from the environment, with a sentence"
    assert composed["services"]["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${")


def test_make_describes_itself() -> None:
    make = shutil.which("make")
    assert make is not None
    shown = subprocess.run([make, "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    described = {line.split()[1] for line in shown.splitlines()}
    assert described >= {"help", "run", "test", "check", "prove", "bench"}


@pytest.mark.parametrize("script", [".ci/setup", ".ci/run"])
def test_scripts_are_executable_and_well_formed(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    shell = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").split()
    subprocess.run([*shell, "-n", str(path)], check=True)
