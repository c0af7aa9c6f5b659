"""Commands over a given database: what they say, and how they end."""

import json
import re
import socket
from pathlib import Path

import pytest

from service.cli import ROOMS, _commands_of, app
from service.core.settings import every_setting
from tests.cli.conftest import Command


def test_help_names_every_command_with_what_it_does(muster: Command) -> None:
    said = muster("--help")
    assert said.code == 0
    for command in (
        "demo", "serve", "worker", "migrate", "doctor", "openapi", "sync", "import", "simulate", "run",
        "report", "statement", "keys",
    ):  # fmt: skip
        line = next(line for line in said.out.splitlines() if re.search(rf"\b{command}\b +\S", line))
        assert len(line.split()) > 4, line
    assert app.info.name == "muster"


def test_each_command_lives_where_the_list_says() -> None:
    rooms = set(ROOMS.values())
    there = {name: room for room in rooms for name in _commands_of(room)}
    assert there == ROOMS


@pytest.mark.parametrize("words", [["serv"], ["keys"], ["run"], ["report", "attendance", "no-such"]])
def test_wrong_use_is_exit_code_2(muster: Command, words: list[str]) -> None:
    assert muster(*words).code == 2


def test_a_simulated_site_that_cannot_be_served_is_told_in_a_sentence(muster: Command) -> None:
    zone = muster("simulate", "gartan", "--zone", "Europe/Nowhere")
    assert (zone.code, zone.out, zone.err.count("\n")) == (1, "", 1)
    assert "'Europe/Nowhere'" in zone.err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        port = muster("simulate", "gartan", "--port", number)
    assert (port.code, number in port.err, port.err.count("\n")) == (1, True, 1)
    assert muster("simulate", "gartan", "--dst", "triple").code == 2


def test_all_wrong_settings_are_told_at_once(muster: Command) -> None:
    said = muster(
        "serve",
        MUSTER_PORT="eighty",
        MUSTER_DATABSE__URL="x",
        MUSTER_UPSTREAM__FRAPPE__TIME_ZONE="Mexico/Cty",
        MUSTER_UPSTREAM__FRAPPE__URL="hr.example.com",
        MUSTER_LOG__LEVEL="LOUD",
    )
    assert said.code == 2
    for name in ("MUSTER_PORT", "MUSTER_DATABSE__URL", "TIME_ZONE", "MUSTER_LOG__LEVEL"):
        assert name in said.err
    assert "did you mean MUSTER_DATABASE__URL" in said.err
    assert "MUSTER_UPSTREAM__FRAPPE__URL: write the whole address, such as https://hr.example.com" in said.err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_one_sentence(alone: Command, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = alone(command, "--port", str(port))
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert str(port) in said.err
    assert "--port" in said.err


def test_a_key_is_made_listed_and_revoked(muster: Command) -> None:
    made = muster("keys", "create", "payroll", "--scope", "attendance:read", "--days", "3")
    assert (made.code, made.err) == (0, "")
    token = made.out.strip()
    identifier = token.split("_")[1]
    assert "payroll" in muster("keys", "list").out
    link = muster("keys", "link", identifier)
    elsewhere = muster("keys", "link", identifier, "--target", "/dashboard", "--port", "8123")
    assert elsewhere.out.startswith("http://127.0.0.1:8123/sign-in?link=")
    assert link.out.startswith("http://127.0.0.1:8000/sign-in?link=")
    assert muster("keys", "revoke", identifier).code == 0
    assert "revoked" in muster("keys", "list").out
    unknown = muster("keys", "revoke", "zzzzzzzz")
    assert (unknown.code, unknown.err.count("\n")) == (1, 1)
    scope = muster("keys", "create", "x", "--scope", "attendance:reed")
    assert scope.code == 1
    assert "attendance:read" in scope.err
    site = [*("keys", "create", "x", "--scope", "attendance:read"), "--site", "Vilas"]
    refused = muster(*site)
    assert refused.code == 1
    assert "there is no site 'Vilas'; sync or import it first" in refused.err
    assert "--unknown-site-ok" in refused.err
    assert muster(*site, "--unknown-site-ok").out.startswith("mst_")


def test_a_job_is_run_by_name(muster: Command) -> None:
    said = muster("run", "platform.housekeeping")
    assert said.code == 0
    assert "platform.housekeeping done in" in said.err
    assert json.loads(said.out)["runs_deleted"] == 0
    unknown = muster("run", "platform.housekeping")
    assert unknown.code == 1
    assert "did you mean platform.housekeeping" in unknown.err
    assert unknown.err.count("platform.housekeeping") == 1  # said once
    assert muster("run", "platform.housekeeping", "--param", "x").code == 2
    refused = muster("run", "platform.housekeeping", "--param", "x=1")
    assert refused.code == 1
    assert "/params/x" in refused.err


def test_a_sync_without_an_upstream_says_what_to_set(muster: Command) -> None:
    said = muster("sync", "attendance")
    assert said.code == 1
    assert "MUSTER_UPSTREAM__FRAPPE__URL" in said.err


def test_a_report_that_is_not_complete_is_written_and_exit_code_3(muster: Command, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    asked = ["report", "attendance", "monthly-sheet", "--month", "2026-10"]
    said = muster(*asked, "--format", "csv", "--output", str(file))
    assert said.code == 3, said.err
    assert file.read_text(encoding="utf-8").count("\n") >= 1
    assert "NOT COMPLETE" in said.err
    assert json.loads(muster(*asked).out)["report"] == "monthly-sheet"
    wrong = muster("report", "attendance", "monthly-sheet", "--month", "October")
    assert (wrong.code, wrong.err) == (1, "--month: write YYYY-MM, such as 2026-10\n")


def test_migrate_is_repeatable_and_an_unknown_revision_is_one_sentence(muster: Command) -> None:
    assert muster("migrate").out == "The database is at the newest schema.\n"
    wrong = muster("migrate", "no_such_revision")
    assert wrong.code == 1
    assert "no_such_revision" in wrong.err
    assert "Traceback" not in wrong.err


def test_a_database_at_no_schema_says_what_to_do(muster: Command, empty_database_url: str) -> None:
    said = muster("keys", "list", MUSTER_DATABASE__URL=empty_database_url)
    assert (said.code, said.err) == (
        1,
        "the database's schema is not the newest; run `muster migrate` first\n",
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("host=", "host=/nowhere"), "No such file"),
        (("/test_", "/no_such_"), "does not exist"),
        (("muster:", "muster:wrong"), "password"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence_without_its_password(
    muster: Command, change: tuple[str, str], reason: str
) -> None:
    url = muster.environment["MUSTER_DATABASE__URL"]
    password = url.split(":")[2].partition("@")[0]
    said = muster("keys", "list", MUSTER_DATABASE__URL=url.replace(*change, 1))
    assert (said.code, said.err.count("\n")) == (1, 1), said.err
    assert reason in said.err
    assert "MUSTER_DATABASE__URL" in said.err
    assert password not in said.err


def test_openapi_is_the_same_wherever_it_is_written(muster: Command, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    assert muster("openapi", "--write", str(file)).code == 0
    assert file.read_text(encoding="utf-8") == muster("openapi", MUSTER_PORT="9", MUSTER_DATABSE="x").out
    assert json.loads(file.read_text(encoding="utf-8"))["openapi"].startswith("3.1")


def test_doctor_shows_every_setting_and_no_secret(muster: Command) -> None:
    said = muster("doctor")
    assert said.code == 0, said.out + said.err
    for setting in every_setting():
        assert f"  {setting.name} = " in said.out
    assert muster.environment["MUSTER_DATABASE__URL"] not in said.out
    assert "kkkk" not in said.out
    assert "database: well: given, PostgreSQL 1" in said.out
    assert "database: well: up to 50 connections of 1 process, the server allows 297" in said.out
    assert "MUSTER_UPSTREAM__FRAPPE__URL names" in said.out


def test_doctor_checks_room_for_every_pool_and_every_address_of_the_database(muster: Command) -> None:
    url = muster.environment["MUSTER_DATABASE__URL"]
    away = url.replace("host=", "host=/nowhere")
    said = muster(
        "doctor", MUSTER_WORKERS="6", MUSTER_DATABASE__DIRECT_URL=url, MUSTER_DATABASE__READ_URL=away
    )
    assert said.code == 1
    assert "database: WRONG: up to 300 connections of 6 processes, the server allows 297; lower " in said.out
    assert "database: well: MUSTER_DATABASE__DIRECT_URL answers" in said.out
    (silent,) = [line for line in said.out.splitlines() if "READ_URL" in line and "WRONG" in line]
    assert silent.endswith("check MUSTER_DATABASE__READ_URL.")
    assert url.partition("://")[2].partition("@")[0] not in said.out


def test_doctor_goes_on_after_a_database_that_is_away(muster: Command) -> None:
    url = muster.environment["MUSTER_DATABASE__URL"].replace("host=", "host=/nowhere")
    said = muster("doctor", MUSTER_DATABASE__URL=url)
    assert said.code == 1
    assert "database: WRONG: " in said.out
    assert "upstream: none" in said.out


def test_a_report_is_sealed_verified_and_written_again(muster: Command, tmp_path: Path) -> None:
    asked = ("statement", "seal", "attendance", "exceptions", "--month", "2026-09")
    refused = muster(*asked)
    assert refused.code == 1
    assert "not complete" in refused.err
    sealed = muster(*asked, "--note", "for the record", "--accept-incomplete")
    assert sealed.code == 0, sealed.err
    made = json.loads(sealed.out)
    assert (made["note"], made["complete"], made["sealed_by"]) == ("for the record", False, "system")
    listed = json.loads(muster("statement", "list", "--desk", "attendance").out)
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    assert json.loads(muster("statement", "show", made["id"]).out)["sha256"] == made["sha256"]
    assert json.loads(muster("statement", "verify", made["id"]).out)["intact"] is True
    assert json.loads(muster("statement", "changes", made["id"]).out)["items"] == []
    target = tmp_path / "sealed.csv"
    written = muster("statement", "file", made["id"], "--format", "csv", "--output", str(target))
    assert written.code == 0
    assert made["sha256"] in written.err
    assert target.read_bytes().startswith(b"Kind,")
    assert muster("statement", "show", "nothing").code == 1
