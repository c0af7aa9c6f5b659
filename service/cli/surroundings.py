"""What doctor finds around the service: its folders and the mail server."""

import os
import tempfile
from pathlib import Path

from service.core.findings import Finding
from service.core.mail import MailNotSent, Smtp
from service.core.settings import Settings


def folder_findings(settings: Settings) -> list[Finding]:
    """Whether the home can be written to, and the folder for reports where there is one."""
    found = [_writable("MUSTER_HOME", settings.home, may_be_made=True)]
    if settings.delivery.folder is not None:
        found.append(_writable("MUSTER_DELIVERY__FOLDER", settings.delivery.folder, may_be_made=False))
    if settings.mill.inbox is not None:
        found.append(_writable("MUSTER_MILL__INBOX", settings.mill.inbox, may_be_made=False))
    return found


def _writable(name: str, folder: Path, *, may_be_made: bool) -> Finding:
    there = folder
    while may_be_made and not there.exists() and there.parent != there:
        there = there.parent
    if not there.is_dir():
        return Finding(name, False, f"{name}={folder} is no folder; make it, or name another one")
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Finding(name, False, f"{name}={folder} cannot be written to ({os.strerror(error.errno or 0)})")
    return Finding(name, True, f"{name}={folder} can be written to")


async def mail_finding(settings: Settings) -> Finding:
    """Whether the mail server answers and takes the password; nothing is sent."""
    if settings.delivery.smtp_url is None:
        return Finding("mail", True, "none is set (MUSTER_DELIVERY__SMTP_URL); mail is only logged")
    try:
        await Smtp(settings.delivery).check()
    except MailNotSent as error:
        return Finding("mail", False, f"{error}; MUSTER_DELIVERY__SMTP_URL says where and who")
    return Finding("mail", True, "the mail server answers and lets us in")
