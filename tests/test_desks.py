"""A desk that is off has no routes, no jobs and no words in the API; its tables are there all the same."""

from sqlalchemy import text

from service.core.settings import Settings
from service.desks import jobs_of, running_desks
from tests.core.refused import checked
from tests.core.whole import whole

JOBS = {"attendance.sync", "attendance.recompute"}


def test_jobs_are_those_of_the_desks_that_run() -> None:
    assert {job.name for job in jobs_of(running_desks(Settings()))} >= JOBS
    left = {job.name for job in jobs_of(running_desks(Settings(desks=())))}
    assert not [name for name in left if name.startswith("attendance.")]


async def test_a_desk_that_is_off_answers_nothing_and_loses_nothing(database_url: str) -> None:
    async with whole(database_url, desks=()) as house, house.client() as client:
        checked(await client.get("/v1/attendance/people"), 404, "not_found")
        assert not [path for path in house.app.openapi()["paths"] if "/attendance" in path]
        assert not JOBS & set(house.runtime.tasks.jobs)
        started = await client.post("/v1/runs", json={"job": "attendance.sync", "params": {}})
        assert started.status_code == 422
        assert (await client.get("/readyz")).status_code == 200
        async with house.runtime.database.read() as conn:
            assert (await conn.execute(text("SELECT count(*) FROM attendance.person"))).scalar_one() == 0
    async with whole(database_url) as house, house.client() as client:
        assert (await client.get("/v1/attendance/people")).status_code == 200
