"""Where reports are delivered to besides webhooks: folders without a way out, mail; what is too large."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.attendance.house import House
from tests.attendance.subscribed import (
    DUE,
    Receiver,
    deliveries,
    delivering,
    due,
    postbox,
    receiving,
    subscribe,
    tick,
)

WRITE = "attendance:write"
KNOWN = datetime(2026, 10, 2, tzinfo=UTC)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook."""
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A replica with people at two sites."""
    async with delivering(database_url) as opened:
        async with opened.writing():
            pass
        yield opened


def files_below(folder: Path) -> list[Path]:
    """Every file, hidden ones too."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_appears_whole_below_the_folder(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "away").symlink_to(tmp_path)
    async with delivering(database_url, folder=folder) as house:
        async with house.writing() as firm:
            await firm.known_through(KNOWN)
        async with house.http(await house.token(WRITE)) as http:
            made = await subscribe(http, target="payroll/villas", format="xlsx", locale="es")
            other = await subscribe(http, target="payroll/villas", format="xlsx")
            escaping = await subscribe(http, target="away/x")
            await due(house)
            assert await tick(house) == {"delivered": 2, "failed": 1}
            names = {(await deliveries(http, entry))[0]["file_name"] for entry in (made, other)}
            (failed,) = await deliveries(http, escaping)
    assert "leads out" in failed["detail"]
    files = files_below(tmp_path)
    assert {path.name for path in files} == names
    assert {path.parent for path in files} == {folder / "payroll" / "villas"}
    assert all(path.read_bytes()[:2] == b"PK" for path in files)
    assert all(name.startswith("monthly-sheet_2026-") for name in names)
    assert not (tmp_path / "x").exists()


async def test_a_folder_that_is_not_there_is_waited_for(database_url: str, tmp_path: Path) -> None:
    async with delivering(database_url, folder=tmp_path / "mount") as house:
        async with house.writing():
            pass
        async with house.http(await house.token(WRITE)) as http:
            made = await subscribe(http, target="payroll")
            await due(house)
            assert await tick(house) == {"waiting": 1}
            (waiting,) = await deliveries(http, made)
            assert "No such file" in waiting["detail"]
            assert str(tmp_path) not in waiting["detail"]
            (tmp_path / "mount").mkdir()
            assert await tick(house, DUE + timedelta(minutes=2)) == {"delivered": 1}


async def test_a_mail_has_the_file_and_says_that_it_is_incomplete(database_url: str) -> None:
    async with (
        postbox() as box,
        delivering(database_url, smtp_url=box.url, sender="muster@example.com") as house,
    ):
        async with house.writing():
            pass
        async with house.http(await house.token(WRITE)) as http:
            made = await subscribe(http, channel="email", target="payroll@example.com")
            unknown = await subscribe(http, channel="email", target="nobody@refused.example")
            await due(house)
            assert await tick(house) == {"delivered": 1, "failed": 1}
            assert "refuses this address (550)" in (await deliveries(http, unknown))[0]["detail"]
            name = (await deliveries(http, made))[0]["file_name"]
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("payroll@example.com", "muster@example.com")
    assert mail["Subject"] == f"Monthly attendance sheet: {name}"
    assert "_incomplete.csv" in name
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (name, "text/csv")
    assert "Ana Ruiz" in str(attached.get_content())
    text_part = mail.get_body()
    assert text_part is not None
    assert "incomplete" in text_part.get_content()


async def test_a_password_is_not_sent_without_tls(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with postbox() as box:
        url = box.url.replace("smtp://", "smtp://ana:hush-hush@")
        async with delivering(database_url, smtp_url=url) as house:
            async with house.writing():
                pass
            async with house.http(await house.token(WRITE)) as http:
                made = await subscribe(http, channel="email", target="payroll@example.com")
                await due(house)
                assert await tick(house) == {"waiting": 1}
                (waiting,) = await deliveries(http, made)
    assert box.mails == []
    assert "hush" not in waiting["detail"] + caplog.text


async def test_without_a_mail_server_a_mail_is_logged_and_never_called_delivered(house: House) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="email", target="payroll@example.com")
        await due(house)
        assert await tick(house) == {"logged": 1}
        (logged,) = await deliveries(http, made)
    assert "MUSTER_DELIVERY__SMTP_URL" in logged["detail"]


async def test_a_file_that_is_too_large_to_send_says_so(database_url: str, receiver: Receiver) -> None:
    async with delivering(database_url, max_bytes=10) as house:
        async with house.writing():
            pass
        async with house.http(await house.token(WRITE)) as http:
            made = await subscribe(http, channel="webhook", target=receiver.url)
            await due(house)
            assert await tick(house) == {"failed": 1}
            assert "at most 10" in (await deliveries(http, made))[0]["detail"]
