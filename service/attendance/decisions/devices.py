"""Where devices hang: the upstream does not know, so people here say it."""

from collections.abc import Mapping

from service.access import audit
from service.attendance.models import Device, Site
from service.attendance.queries import schedules
from service.attendance.queries.browse import visible_to
from service.attendance.queries.scopes import MASTERS
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import NotAllowed
from service.core.versions import raise_versions
from service.reporting.named import require_ids, require_name
from service.schemas.attendance.decisions import DeviceSiteAsk


async def map_device(conn: WriteConnection, caller: Caller, ask: DeviceSiteAsk) -> Mapping[str, int]:
    """Say where a device hangs; saying it twice changes nothing. The data versions that this raised.

    Raises `Invalid` for an unknown device or site, `NotAllowed` for a caller limited to sites.
    """
    if caller.sites is not None:
        raise NotAllowed("your key is limited to sites; where devices hang concerns all of them")
    device, site = Device.__table__.c, Site.__table__.c
    await require_name(conn, device.name, ask.device, pointer="/body/device", what="device")
    found = None
    if ask.site is not None:
        await visible_to(conn, caller, ask.site, pointer="/body/site")
        found = (await require_ids(conn, site.id, site.name, ask.site, pointer="/body/site", what="site"))[0]
    if not await schedules.map_device(conn, ask.device, found):
        return {}
    await audit.record(conn, caller, "device.mapped", f"device:{ask.device}", after={"site": ask.site})
    return await raise_versions(conn, [MASTERS])
