"""`/v1/attendance/recompute` over HTTP: once for a key, refusals by name, a site's own people only."""

from sqlalchemy import text

from service.schemas.envelope import Run
from tests.attendance.house import House


async def test_recompute_starts_a_run_once_for_a_key(house: House) -> None:
    async with house.writing():
        pass
    asked = {"from": "2026-09-01", "to": "2026-09-30", "people": ["HR-EMP-00001"]}
    async with house.http(await house.token("attendance:write")) as http:
        once = {"Idempotency-Key": "again"}
        first = await http.post("/recompute", json=asked, headers=once)
        again = await http.post("/recompute", json=asked, headers=once)
        assert first.status_code == again.status_code == 202
        run = Run.model_validate(first.json())
        assert (run.job, run.state, run.params["from"]) == ("attendance.recompute", "queued", "2026-09-01")
        assert first.headers["location"] == f"/v1/runs/{run.id}"
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"
        found = await http.get(f"http://muster.test{first.headers['location']}")
        assert found.json()["id"] == run.id
        other = await http.post("/recompute", json=asked)
        assert (other.status_code, other.json()["code"]) == (409, "run_active")
        assert run.id in other.json()["detail"]


async def test_recompute_refuses_what_it_cannot_use(house: House) -> None:
    async with house.writing():
        pass
    async with house.http(await house.token("attendance:write")) as http:
        for asked, pointer in (
            ({"from": "2026-09-02", "to": "2026-09-01"}, "/body/from"),
            ({"from": "2025-01-01", "to": "2026-09-01"}, "/body/from"),
            ({"from": "2026-09-01"}, "/body/to"),
            ({"to": "2026-09-01"}, "/body/from"),
            ({"from": "x", "to": "2026-09-01"}, "/body/from"),
            ({"people": ["HR-EMP-00001", "HR-EMP-0003"]}, "/body/people/1"),
            ({"people": [str(n) for n in range(1001)]}, "/body/people"),
            ({"sites": ["Villas"]}, "/body/sites"),
        ):
            answer = await http.post("/recompute", json=asked)
            assert answer.status_code == 422, asked
            assert answer.json()["errors"][0]["pointer"] == pointer
    async with house.runtime.database.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM muster.run")) == 0


async def test_a_key_of_one_site_recomputes_its_people_only(house: House) -> None:
    async with house.writing():
        pass
    async with house.http(await house.token("attendance:write", sites=["Villas"])) as http:
        everybody = await http.post("/recompute", json={})
        foreign = await http.post("/recompute", json={"people": ["HR-EMP-00003"]})
        own = await http.post("/recompute", json={"people": ["HR-EMP-00001"]})
    assert (everybody.status_code, everybody.json()["errors"][0]["pointer"]) == (422, "/body/people")
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (422, "unknown_person")
    assert "HR-EMP-00003" not in foreign.json()["detail"].partition("mean")[2]
    assert own.status_code == 202
