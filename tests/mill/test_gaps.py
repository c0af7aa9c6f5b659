"""What needs somebody at the mill: each gap with what is needed, what there is, and what helps."""

from datetime import date

from tests.mill.scenario import AS_OF, line, order, read_files, settle_f58, style
from tests.support.house import House


async def codes(house: House) -> list[tuple[str, str | None]]:
    return [(one["code"], one["subject"]) for one in (await house.get("/v1/gaps", desk="mill"))["items"]]


async def test_a_mill_that_was_never_fed_has_no_gaps(house: House) -> None:
    assert await codes(house) == []


async def test_every_kind_of_gap(house: House) -> None:
    await settle_f58(house)
    await style(house, "BARE")
    await order(house, "O9", "BARE", 70, due_date=date(2025, 9, 20))
    await style(house, "DEEP")
    await line(house, "DEEP", "BARE", ".5")
    await line(house, "DEEP", "Y2", ".5")
    await order(house, "O8", "DEEP", 30)
    found = await codes(house)
    assert set(found) == {
        ("mill_plan_missing", "mill.plan"), ("order_without_recipe", "O9"), ("receipt_past_due", "Y1"),
        ("order_without_recipe", "O8"),
    }  # fmt: skip
    await house.sql(
        "INSERT INTO mill.import_jobs (file_kind, file_name, sha256, content_key, mode, status, rows_read,"
        " rows_rejected, requested_by, finished_at)"
        " VALUES ('bom', 'bom.csv', 'x', 'x', 'strict', 'refused', 5, 2, 'test', now())"
    )
    await house.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    gaps = {one["code"]: one for one in (await house.get("/v1/gaps", desk="mill"))["items"]}
    assert gaps.keys() == {"yarn_short", "order_without_recipe", "receipt_past_due", "mill_file_refused"}
    short = gaps["yarn_short"]
    assert (short["subject"], short["need"], short["have"], short["from"]) == (
        "Y3",
        "600.0000 lb of Y3 within the weeks of the plan",
        "400.0000 lb too little on 2025-09-03, by plan 1",
        "2025-09-03T00:00:00-04:00",
    )
    assert short["reasons"] == ["short because of O2 400.0000", "nobody ever counted it"]
    assert short["remedies"]
    assert (await house.ask("GET", short["link"])).status_code == 200
    assert gaps["mill_file_refused"]["reasons"] == ["2 rows were rejected"]


async def test_the_page_of_today_and_the_health_of_sources(own_f58: House) -> None:
    await own_f58.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    page = await own_f58.ask("GET", "/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "Y3" in page.text
    sources = (await own_f58.get("/health/upstreams"))["items"]
    assert any(one["name"] == "files" for one in sources)


async def test_a_mill_without_one_of_its_files_is_not_complete(house: House) -> None:
    await read_files(house, "yarn_inventory")
    sources = (await house.get("/health/upstreams"))["items"]
    [files] = [one for one in sources if one["name"] == "files"]
    assert files["complete_through"] is None
