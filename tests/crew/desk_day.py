"""A day at the crew desk for the scan of the log (Q60, spec D.10): what is read, written and refused."""

from contextlib import suppress
from typing import Any

from service.simulators.gartan import GartanConfig, GartanServer, GeneratorConfig, generate
from tests.crew.following import following, synced, today
from tests.crew.house import House
from tests.crew.imports.ground import imported

USER, PASSWORD = "watch-room-of-p22", "the-pass-word-of-p22"
PHONE, EMAIL = "01632 960417", "someone.at.the.station@example.org"
CREW = generate(GeneratorConfig(stations=1, people=5))


async def desk_day(url: str) -> list[str]:
    """Everything once; what no line may hold."""
    site = GartanServer(CREW, GartanConfig(users={USER: PASSWORD}))
    async with site as server, following(url, server, username=USER, password=PASSWORD) as house:
        await synced(house, dates=[today()], force=True)
        people = (await house.get("/v1/crew"))["items"]
        names = [one["name"] for one in people]
        assert names
        await _read(house, people[0])
        await _write(house, people[0])
        with suppress(Exception):
            await house.sql("INSERT INTO crew.nothing VALUES (:name)", name=names[0])
        await house.runtime.tasks.run_now("crew.warn", {}, "test")
    surnames = [name.partition(",")[0] for name in names]
    return [*names, *surnames, USER, PASSWORD, PHONE, EMAIL]


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
