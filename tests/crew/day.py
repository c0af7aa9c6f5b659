"""A day of a fire station with what goes wrong, for tests that look at everything that was logged."""

from datetime import timedelta

from service.simulators.gartan import GartanConfig, GartanServer, faults
from tests.crew.following import CREW, DAYS, asked, following, synced, today

PASSWORD = "a-password-of-the-station"


async def station_day(url: str) -> list[str]:
    """Runs that succeed, expire, are refused and fail; what must not be told of it."""
    async with GartanServer(CREW, GartanConfig(users={"demo": PASSWORD})) as server:
        async with following(url, server, password=PASSWORD, backoff=0.01) as house:
            await synced(house)
            await house.get("/v1/crew", station="P22")
            await house.get("/v1/crew/stations/P22/live")
            tickets = [*server.site.sessions._live]
            for fault in (
                faults.truncated(),
                faults.reset(),
                faults.not_json(CREW.station("P22").crew[0].name),
            ):
                rule = server.faults.add(fault, day=DAYS[0])
                await synced(house, dates=asked(*DAYS), force=True)
                server.faults.remove(rule)
            # A value that the database refuses: its message names the row.
            await house.sql("ALTER TABLE crew.crew_member ADD CHECK (contract_raw <> 'more than it takes')")
            plan = server.plan.station("P22")
            odd = [one.__class__(one.name, one.role, one.skills, "more than it takes") for one in plan.crew]
            server.plan = server.plan.put(plan.but(crew=tuple(odd)))
            refused = await synced(house, dates=asked(today() + timedelta(days=40)), force=True)
            assert refused.error["code"] == "database"
            server.expire(form="redirect")
            await synced(house, dates=asked(DAYS[1]), force=True)
        async with following(url, server, password=f"{PASSWORD}-wrong") as house:
            await synced(house)
            await synced(house)
        names = [one.name for station in CREW.stations for one in station.crew]
        return [*names, *tickets, PASSWORD, house.admin]
