"""A day at the crew desk for the scan of the log (Q60, spec D.10): what is read, written, refused and failed."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from service.simulators.gartan import GartanConfig, GartanServer, GeneratorConfig, generate
from service.simulators.gartan.faults import changed_layout, not_json, truncated
from tests.crew.following import following, gartan_settings, synced, today
from tests.crew.house import House
from tests.crew.imports.ground import imported

USER, PASSWORD = "watch-room-of-p22", "the-pass-word-of-p22"
PHONE, EMAIL = "01632 960417", "someone.at.the.station@example.org"
CREW = generate(GeneratorConfig(stations=1, people=5))


async def crew_day(url: str) -> list[str]:
    """Everything once; what no line may hold."""
    async with GartanServer(CREW, GartanConfig(users={USER: PASSWORD})) as server:
        signed = gartan_settings(server) | {"username": USER, "password": PASSWORD}
        async with following(url, server, username=USER, password=PASSWORD) as house:
            await synced(house, dates=[today()])
            people = (await house.get("/v1/crew"))["items"]
            names = [one["name"] for one in people]
            assert len(names) == 5
            for fault in (not_json(names[0]), changed_layout(), truncated(200)):
                server.faults.clear()
                server.faults.add(fault)
                await synced(house, dates=[today()], force=True)
            server.faults.clear()
            await house.get("/v1/crew/stations/P22/live")
            await _refused(house, server)
            await _read(house, people[0])
            await _write(house, people[0])
            with suppress(Exception):
                await house.sql("INSERT INTO crew.nothing VALUES (:name)", name=names[0])
            await house.runtime.tasks.run_now("crew.warn", {}, "test")
        async with following(url, server, **{**signed, "password": f"not-{PASSWORD}"}) as locked:
            with suppress(Exception):
                await synced(locked, dates=[date(2026, 3, 5)], force=True)
    surnames = [name.partition(",")[0] for name in names]
    return [*names, *surnames, USER, PASSWORD, PHONE, EMAIL]


async def _refused(house: House, server: GartanServer) -> None:
    """A value that the database refuses: its message names the row."""
    await house.sql("ALTER TABLE crew.crew_member ADD CHECK (contract_raw <> 'more than it takes')")
    plan = server.plan.station("P22")
    odd = tuple(one.__class__(one.name, one.role, one.skills, "more than it takes") for one in plan.crew)
    whole, server.plan = server.plan, server.plan.put(plan.but(crew=odd))
    refused = await synced(house, dates=[today() + timedelta(days=40)], force=True)
    assert refused.error["code"] == "database"
    server.plan = whole


async def _read(house: House, one: dict[str, Any]) -> None:
    window = {"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}
    for path, params in (
        (f"/v1/crew/{one['crew_id']}", {}),
        (f"/v1/crew/{one['crew_id']}/segments", window),
        ("/v1/crew", {"role": one["name"]}),
        ("/v1/crew", {"station": one["name"]}),
        ("/v1/crew/board", {}),
        ("/v1/crew/changes/upcoming", window),
        ("/v1/crew/reports/turnout", {}),
        (f"/v1/crew/appliances/{one['name']}/status", {}),
        (f"/crew/{one['name']}/available", {}),
        ("/crew", {}),
        ("/station/now", {}),
    ):
        await house.ask("GET", path, params=params)


async def _write(house: House, one: dict[str, Any]) -> None:
    contact = f"/v1/crew/{one['crew_id']}/contact"
    asked = {"phone": PHONE, "email": EMAIL, "position": one["name"]}
    written = await house.ask("PUT", contact, json=asked, headers={"If-Match": "*"})
    await house.ask("PUT", contact, json=asked, headers={"If-Match": written.headers.get("etag", "*")})
    await house.ask("PUT", contact, json={**asked, "phone": one["name"]}, headers={"If-Match": "*"})
    await house.ask("PUT", contact, content=f'{{"phone": "{PHONE}')
    await house.ask("GET", contact)
    await house.ask("POST", "/v1/crew/lookup", json={"names": [one["name"], 7]})
    await house.ask("POST", "/v1/crew/lookup", json={"names": [one["name"]]})
    lines = f"{one['name']}|{one['name']}|{PHONE}|{EMAIL}|x\n{PHONE}|{EMAIL}\n"
    sent = {"content": lines.encode(), "headers": {"Content-Type": "text/plain"}}
    taken = await house.ask("POST", "/v1/crew/imports", params={"station": one["station"]}, **sent)
    assert taken.status_code == 202, taken.text
    with suppress(Exception):
        await imported(house, lines.encode(), station=one["station"], kind="details")
