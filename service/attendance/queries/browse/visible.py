"""Whose rows a caller may see: those of the people of its sites."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from service.attendance.models import Checkin, Device, Person, Site
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.reporting.named import require_name

# A limited caller sees a device that nobody has mapped to a site when one of its people is among this many
# last punches of it: a bounded look, whatever the age of the device.
_LAST_PUNCHES = 1000


@dataclass(frozen=True, slots=True)
class Visible:
    """The sites whose people may be shown; None: all, and also what belongs to no site."""

    site_ids: tuple[int, ...] | None

    @property
    def people(self) -> list[ColumnElement[bool]]:
        """Conditions on `Person`; rows without a person are shown to unlimited callers only."""
        return [] if self.site_ids is None else [Person.site_id.in_(self.site_ids)]

    @property
    def sites(self) -> list[ColumnElement[bool]]:
        """Conditions on `Site`."""
        return [] if self.site_ids is None else [Site.id.in_(self.site_ids)]

    @property
    def devices(self) -> list[ColumnElement[bool]]:
        """Conditions on `Device`: mapped to one of the sites, or not mapped and used by their people."""
        if self.site_ids is None:
            return []
        punches = (
            select(Checkin.person_id)
            .where(Checkin.device_id == Device.id, Checkin.deleted_at.is_(None))
            .order_by(Checkin.local_time.desc())
            .limit(_LAST_PUNCHES)
            .correlate(Device)
            .subquery()
        )
        used = (
            select(Person.id)
            .join(punches, punches.c.person_id == Person.id)
            .where(Person.site_id.in_(self.site_ids))
        )
        return [Device.site_id.in_(self.site_ids) | (Device.site_id.is_(None) & used.exists())]


async def visible_to(
    conn: ReadConnection, caller: Caller, site: str | None = None, *, pointer: str = "/query/site"
) -> Visible:
    """What `caller` may see, narrowed to `site` where one is asked for.

    Raises `SiteNotAllowed` for a site that is not the caller's, `Invalid` for one that does not exist.
    """
    names = caller.sites_for(site)
    if names is None:
        return Visible(None)
    ids = tuple(await _site_ids(conn, names))
    if not ids and site is not None:
        among: list[Any] = [] if caller.sites is None else [Site.name.in_(caller.sites)]
        await require_name(conn, Site.__table__.c.name, site, pointer=pointer, what="site", among=among)
    return Visible(ids)


async def _site_ids(conn: ReadConnection, names: frozenset[str]) -> list[int]:
    found = await conn.execute(select(Site.id).where(Site.name.in_(sorted(names))).order_by(Site.id))
    return list(found.scalars())
