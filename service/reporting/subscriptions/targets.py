"""Where a report may be delivered to: what is wrong with a target, before anything is sent there."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from service.core.outbound import is_public
from service.core.settings import DeliverySettings

_PART: Final = re.compile(r"\w[\w .-]{0,99}")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LOCAL: Final = ("localhost", "localhost.localdomain")
LONGEST_MAIL: Final = 254


def problem_of(channel: str, target: str, settings: DeliverySettings) -> str | None:
    """What is wrong with a target, in a sentence; None: nothing, as far as can be told without asking."""
    if channel == "folder":
        return _folder(target, settings)
    return _webhook(target, settings) if channel == "webhook" else _mail(target)


def _folder(target: str, settings: DeliverySettings) -> str | None:
    if settings.folder is None:
        return "no folder is set up for reports here; an admin sets MUSTER_DELIVERY__FOLDER"
    if target and not all(_PART.fullmatch(part) and part == part.strip() for part in target.split("/")):
        return "name a folder below the one that is set up, such as payroll/villas, without . and .."
    return None


def _webhook(target: str, settings: DeliverySettings) -> str | None:
    try:
        url = urlsplit(target)
        host, _ = url.hostname, url.port
    except ValueError:
        host = None
    if not host or url.scheme not in ("http", "https") or not target.isascii() or not target.isprintable():
        return "give the URL of a webhook, such as https://payroll.example.com/reports"
    if " " in target or "\\" in target or "@" in url.netloc or url.fragment:
        return "a webhook's URL has no user, password or fragment; deliveries are signed instead"
    if not settings.private_targets and _is_private(url):
        return (
            "this leads to an address that is not public; an admin may set MUSTER_DELIVERY__PRIVATE_TARGETS"
        )
    return None


def _is_private(url: SplitResult) -> bool:
    host = (url.hostname or "").rstrip(".")
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return host in _LOCAL or host.endswith(".localhost")


def _mail(target: str) -> str | None:
    if len(target) > LONGEST_MAIL or not _ADDRESS.fullmatch(target):
        return "give one e-mail address, such as payroll@example.com"
    return None
