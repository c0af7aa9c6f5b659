"""When subscriptions are due, and which targets are refused: pure rules."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr

from service.core.cron import due_after
from service.core.settings import BadSettings, DeliverySettings, Settings, load_settings
from service.reporting.subscriptions.schedule import due_until, problem_of
from service.reporting.subscriptions.signing import fingerprint, new_secret, secret_of
from service.reporting.subscriptions.targets import problem_of as target_problem

LONDON = "Europe/London"
SOME_ID = UUID("5b1f0a52-6a0c-4f0e-8d1b-0a3f3d9c7b10")


def due_on(cron: str, zone: str, first: datetime) -> list[str]:
    """All instants of the twenty hours from then on."""
    return [
        f"{at:%d %H:%M}"
        for at in due_until(cron, zone, due_after(cron, zone, first), first + timedelta(hours=20))
    ]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("30 2 * * *", ["29 01:30"]),  # 02:30 BST, the clock went from 01:00 GMT to 02:00 BST
        ("30 1 * * *", ["29 01:30"]),  # there is no 01:30 that day: an hour later by the clock
        ("0 1,2 * * *", ["29 01:00"]),  # both are the same instant
    ],
)
def test_an_hour_that_is_jumped_over_is_due_once(cron: str, expected: list[str]) -> None:
    midnight = datetime(2026, 3, 29, tzinfo=UTC)
    assert due_on(cron, LONDON, midnight) == expected


def test_every_half_hour_passes_the_jump_in_order() -> None:
    times = due_on("0,30 0-3 * * *", LONDON, datetime(2026, 3, 28, 23, 59, tzinfo=UTC))
    assert times == ["29 00:00", "29 00:30", "29 01:00", "29 01:30", "29 02:00", "29 02:30"]


def test_an_hour_that_comes_twice_is_due_the_first_time() -> None:
    midnight = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert due_on("30 1 * * *", LONDON, midnight) == ["25 00:30"]
    assert due_on("0 2 * * *", LONDON, midnight) == ["25 02:00"]


def test_a_month_is_waited_for() -> None:
    start = datetime(2026, 11, 1, 13, 0, tzinfo=UTC)
    assert due_after("0 7 1 * *", "America/Mexico_City", start) == datetime(2026, 12, 1, 13, tzinfo=UTC)
    assert due_after("0 7 29 2 *", "UTC", start) == datetime(2028, 2, 29, 7, tzinfo=UTC)


def test_missed_instants_are_those_that_would_have_come_one_by_one() -> None:
    cron, zone = "0,30 * * * *", "Europe/Berlin"
    first = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    now = datetime(2026, 10, 25, 4, 10, tzinfo=UTC)
    one_by_one = [first]
    while (following := due_after(cron, zone, one_by_one[-1])) <= now:
        one_by_one.append(following)
    assert due_until(cron, zone, first, now) == one_by_one


def test_a_long_absence_is_on_record_for_a_month_only() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    due = due_until("0 6 * * *", "UTC", datetime(2024, 1, 1, 6, tzinfo=UTC), now)
    assert (len(due), due[0], due[-1]) == (
        32,
        datetime(2024, 1, 1, 6, tzinfo=UTC),
        datetime(2026, 10, 31, 6, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "cron",
    ["", "0 7 1 *", "0 7 1 * * 0", "@daily", "61 * * * *", "* * * * *", "*/10 * * * *", "R * * * *",
     "H H * * *", "0 0 31 2 *", "0 7 ; * *", "0 7 1 * x"],
)  # fmt: skip
def test_expressions_that_cannot_be_meant_are_refused(cron: str) -> None:
    assert problem_of(cron) is not None


@pytest.mark.parametrize(
    "cron", ["0 7 1 * *", "*/15 * * * *", "30 2 * * MON-FRI", "0 6 L * *", "0 7 * * 5#1"]
)
def test_usual_expressions_are_taken(cron: str) -> None:
    assert problem_of(cron) is None


SET_UP = DeliverySettings(folder=Path("/srv/reports"))


@pytest.mark.parametrize(
    ("channel", "target"),
    [
        *(("folder", name) for name in ("..", "a/../b", "/etc", "a//b", "a/", ".ssh", "a\\b", "a\0b", "C:/x", "~/x")),
        *(
            ("webhook", f"{address}")
            for address in (
                "ftp://x.example", "https://", "http://user:pw@x.example", "https://x.example/#a", "javascript:1",
                "http://127.0.0.1/", "http://localhost/", "http://LOCALHOST./", "http://[::1]/", "http://10.1.2.3/",
                "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/", "http://192.168.0.1:80/",
                "http://[fd00::1]/", "http://0.0.0.0/", "http://x.example:99999/", "http://a b/", "http://é/",
                "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
            )
        ),
        *(("email", name) for name in ("", "a", "a@b, c@d", "a@b\nBcc: c@d", "Ana <a@b>", "a@", "@b", "a@" + "b" * 300)),
    ],
)  # fmt: skip
def test_targets_that_may_not_be_are_refused(channel: str, target: str) -> None:
    assert target_problem(channel, target, SET_UP) is not None


@pytest.mark.parametrize(
    ("channel", "target"),
    [
        ("folder", ""), ("folder", "payroll"), ("folder", "Nómina/Casa Norte/2026"),
        ("webhook", "https://payroll.example.com/in?site=Villas"), ("webhook", "http://93.184.216.34:8080/"),
        ("email", "payroll@example.com"), ("email", "ops@localhost"),
    ],
)  # fmt: skip
def test_usual_targets_are_taken(channel: str, target: str) -> None:
    assert target_problem(channel, target, SET_UP) is None


def test_a_folder_needs_to_be_set_up_and_private_addresses_to_be_allowed() -> None:
    assert "MUSTER_DELIVERY__FOLDER" in (target_problem("folder", "x", DeliverySettings()) or "")
    assert target_problem("webhook", "http://127.0.0.1:1/", DeliverySettings(private_targets=True)) is None


def test_a_secret_outlives_a_new_signing_key_and_not_its_own() -> None:
    before = Settings(secret_keys=(SecretStr("old"),))
    secret = new_secret(before, SOME_ID)
    rotated = Settings(secret_keys=(SecretStr("new"), SecretStr("old")))
    assert secret_of(rotated, SOME_ID, fingerprint(secret)) == secret != new_secret(rotated, SOME_ID)
    withdrawn = Settings(secret_keys=(SecretStr("new"),))
    assert secret_of(withdrawn, SOME_ID, fingerprint(secret)) is None


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25", "smtp://mail:port"])
def test_the_address_of_a_mail_server_is_looked_at(url: str) -> None:
    with pytest.raises(BadSettings, match=r"MUSTER_DELIVERY__SMTP_URL: .* must be like smtp"):
        load_settings({"MUSTER_DELIVERY__SMTP_URL": url})
