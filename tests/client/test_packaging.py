"""The client stands alone: what importing it loads, and the wheel that has nothing else."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVER = {
    "fastapi",
    "starlette",
    "sqlalchemy",
    "asyncpg",
    "aiocache",
    "uvicorn",
    "alembic",
    "orjson",
    "aiohttp",
}
ASK = """
import sys
import service.client, service.client.testing, service.client.errors, service.client.dataframe
from service.client.testing import FakeMuster
fake = FakeMuster()
fake.answer("/v1/x", {"ok": True})
with fake.client_sync() as muster:
    assert muster.request("GET", "/v1/x").json() == {"ok": True}
print(service.client.__file__)
print(*sorted(sys.modules))
"""


def loaded(*path: str) -> tuple[str, set[str]]:
    """Where the client was imported from, and the modules that importing and using it loaded."""
    setup = f"import sys; sys.path[:0] = {[*path]!r}\n"
    command = [sys.executable, "-P", "-W", "error", "-c", setup + ASK]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    where, modules = done.stdout.splitlines()
    return where, set(modules.split())


def test_importing_the_client_loads_no_server_package() -> None:
    _, modules = loaded(str(ROOT))
    assert {name.partition(".")[0] for name in modules} & {*SERVER, "pandas"} == set()
    ours = {name for name in modules if name.partition(".")[0] == "service"}
    assert {name.split(".")[1] for name in ours if "." in name} == {"client", "schemas"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with this environment's hatchling: without network and without isolation."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(folder)]
    done = subprocess.run(command, cwd=ROOT / "packaging/client", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("muster_client-*.whl"))


def test_the_light_wheel_holds_the_client_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    packages = {"/".join(name.split("/")[:2]) for name in names if not name.startswith("muster_client-")}
    assert packages == {"service/__init__.py", "service/py.typed", "service/client", "service/schemas"}
    assert "service/client/testing.py" in names
    assert not [name for name in names if "__pycache__" in name]


def test_the_light_wheel_works_without_the_service(wheel: Path) -> None:
    where, modules = loaded(str(wheel))
    assert where.startswith(str(wheel))
    assert "service.core" not in modules


def test_the_light_wheel_asks_for_what_the_service_asks_for() -> None:
    light = tomllib.loads((ROOT / "packaging/client/pyproject.toml").read_text())["project"]
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    # To the service it comes with pydantic.
    assert set(light["dependencies"]) - {"typing-extensions>=4.13"} <= set(whole["dependencies"])
    assert light["requires-python"] == whole["requires-python"]
