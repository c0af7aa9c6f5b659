"""List requests: what each parameter does, as observed on a real site."""

import base64
from itertools import pairwise

import pytest

from service.simulators.frappe import FrappeServer, Store
from tests.simulators.frappe.conftest import CHECKIN, Caller

ONE = ["employee", "=", "HR-EMP-00001"]


async def test_nothing_said_gives_twenty_names(ask: Caller) -> None:
    rows = await ask.rows()
    assert len(rows) == 20
    assert {tuple(row) for row in rows} == {("name",)}


@pytest.mark.parametrize("limit", ["0", "abc", "1000000"])
async def test_zero_no_number_and_large_limits_give_every_row(
    ask: Caller, recorded: FrappeServer, limit: str
) -> None:
    rows = await ask.names(limit_page_length=limit)
    assert len(rows) == len(set(rows)) == recorded.store.count("Employee Checkin")


async def test_limit_is_an_alias_used_only_without_the_long_name(ask: Caller) -> None:
    assert len(await ask.rows(limit="3")) == 3
    assert len(await ask.rows(limit="3", limit_page_length="5")) == 5


async def test_an_offset_past_the_end_is_an_empty_list(ask: Caller) -> None:
    assert await ask.rows(limit_start="99999999") == []


async def test_start_is_ignored_in_the_first_version(ask: Caller) -> None:
    first = await ask.names(order_by="name asc", limit="2")
    assert await ask.names(order_by="name asc", limit="2", start="10") == first


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ([["time", "Between", ["2015-01-05", "2015-01-05"]], ONE], 2),
        ([["time", "between", ["2015-01-05 10:08:00", "2015-01-05 17:20:00"]], ONE], 2),
        ([["time", "between", ["2015-01-05 10:08:01", "2015-01-05 17:19:59"]], ONE], 0),
        ([["time", ">", "2015-01-05"], ["time", "<", "2015-01-06"], ONE], 2),
        ([["Employee Checkin", "employee", "=", "HR-EMP-00001"], ["time", "<", "2015-01-03"]], 2),
        ({"employee": "HR-EMP-00001", "time": ["between", ["2015-01-05", "2015-01-06"]]}, 4),
        ([["employee", "like", "hr-emp-00002"]], 2),
        ([["employee_name", "not like", "Emp0%"]], 0),
        ([["employee", "in", "HR-EMP-00002, HR-EMP-00003"]], 5),
        ([["employee", "in", ["hr-emp-00002"]]], 2),
        ([["employee", "not in", ["HR-EMP-00001", "HR-EMP-00568", "HR-EMP-00668"]], ["shift", "=", "Night"]], 1),
        ([["employee", "=", "hr-emp-00002"]], 2),
        ([["time", "<", "2015-01-02 09:43:00.000000"], ONE], 0),
        ([["time", "<=", "2015-01-02 09:43:00.000000"], ONE], 1),
        ([["time", "<=", "2015-01-02T09:43:00"], ONE], 1),
        ([["attendance", "is", "set"]], 0),
        ([["attendance", "IS", "Not Set"], ["shift", "=", "Night"]], 1),
        ([["skip_auto_attendance", "=", 0], ["shift", "=", "Night"]], 1),
        ([["skip_auto_attendance", "=", "1"]], 0),
    ],
)  # fmt: skip
async def test_filters(ask: Caller, filters: object, count: int) -> None:
    answer = await ask.get("/api/method/frappe.client.get_count", doctype="Employee Checkin", filters=filters)
    assert answer.json() == {"message": count}
    assert len(await ask.rows(filters=filters, limit="0")) == count


async def test_or_filters_are_joined_with_the_filters_by_and(ask: Caller) -> None:
    either = [["employee", "=", "HR-EMP-00001"], ["employee", "=", "HR-EMP-00002"]]
    rows = await ask.rows(filters=[["time", "<", "2015-01-03"]], or_filters=either, fields=["employee"])
    assert sorted(row["employee"] for row in rows) == ["HR-EMP-00001"] * 2 + ["HR-EMP-00002"] * 2


async def test_arrays_instead_of_objects(ask: Caller) -> None:
    rows = await ask.rows(fields=["name", "time"], order_by="name asc", limit="1", as_dict="False")
    assert rows == [["EMP-CKIN-01-2015-000001", "2015-01-02 09:02:47"]]


async def test_several_keys_of_order_and_a_subquery_that_orders_nothing(ask: Caller) -> None:
    fields = ["employee", "time"]
    rows = await ask.rows(fields=fields, order_by="employee desc, time asc", limit="0")
    keys = [(-int(row["employee"][-5:]), row["time"]) for row in rows]
    assert keys == sorted(keys)
    assert (await ask.get(order_by="(select 1)")).status_code == 200


async def test_groups_and_aggregates(ask: Caller) -> None:
    fields = ["employee", "count(name) as n", "min(time) as first"]
    rows = await ask.rows(fields=fields, group_by="employee", order_by="n desc, employee asc", limit="2")
    assert [(row["employee"], row["n"]) for row in rows] == [("HR-EMP-00568", 492), ("HR-EMP-00668", 492)]
    total = await ask.rows(fields=["count(name)"])
    assert list(total[0]) == ["count(name)"]


async def test_fields_behind_a_link(ask: Caller) -> None:
    rows = await ask.rows(fields=["name", "employee.date_of_joining"], filters=[ONE], limit="1")
    assert rows[0]["date_of_joining"] == "2014-01-01"


async def test_unknown_parameters_are_ignored_also_a_misspelt_filter(ask: Caller) -> None:
    answer = await ask.get(filter=[["employee", "=", "nobody"]], limit="0")
    assert len(answer.json()["data"]) > 1_000


async def test_a_single_document_has_no_nulls_and_a_list_row_has(ask: Caller) -> None:
    one = (await ask.get(f"{CHECKIN}/EMP-CKIN-01-2015-000001")).json()["data"]
    row = (await ask.rows(fields=["*"], filters=[["name", "=", "EMP-CKIN-01-2015-000001"]]))[0]
    assert row["attendance"] is None
    assert "attendance" not in one
    assert {k: v for k, v in row.items() if v is not None} == {k: v for k, v in one.items() if k != "doctype"}


async def test_children_come_with_their_document_and_by_join(site: FrappeServer, call: Caller) -> None:
    rows = [
        {"holiday_date": "2026-01-26", "description": "R"},
        {"holiday_date": "2026-01-25", "weekly_off": 1},
    ]
    span = {"from_date": "2026-01-01", "to_date": "2026-12-31"}
    site.store.insert("Holiday List", {"holiday_list_name": "L 2026", **span, "holidays": rows})
    one = (await call.get("/api/resource/Holiday List/L 2026")).json()["data"]
    assert [(h["holiday_date"], h["weekly_off"], h["idx"]) for h in one["holidays"]] == [
        ("2026-01-26", 0, 1), ("2026-01-25", 1, 2),
    ]  # fmt: skip
    joined = await call.rows(
        "Holiday List", fields=["name", "`tabHoliday`.holiday_date"], order_by="name asc"
    )
    assert sorted(row["holiday_date"] for row in joined) == ["2026-01-25", "2026-01-26"]
    by_child = await call.names("Holiday List", filters=[["Holiday", "holiday_date", "=", "2026-01-26"]])
    assert by_child == ["L 2026"]
    assert (await call.get("/api/resource/Holiday")).status_code == 403
    assert len(await call.rows("Holiday", parent="Holiday List")) == 2


async def test_nulls_fall_back_to_empty_values(site: FrappeServer, call: Caller) -> None:
    for name, left in (("A", None), ("B", "2026-03-01")):
        values = {
            "name": name,
            "employee_name": name,
            "date_of_joining": "2020-01-01",
            "relieving_date": left,
        }
        site.store.insert("Employee", values)
    assert await call.names("Employee", filters=[["relieving_date", "<", "2026-01-01"]]) == ["A"]
    assert await call.names("Employee", filters=[["relieving_date", ">=", "2026-01-01"]]) == ["B"]
    assert await call.names("Employee", filters=[["branch", "!=", "Villas"]], order_by="name") == ["A", "B"]
    assert await call.names("Employee", filters=[["relieving_date", "is", "not set"]]) == ["A"]


async def test_like_knows_letters_beyond_ascii(site: FrappeServer, call: Caller) -> None:
    values = {"name": "E1", "employee_name": "Íñigo Muñoz", "date_of_joining": "2020-01-01"}
    site.store.insert("Employee", values)
    assert await call.names("Employee", filters=[["employee_name", "like", "%MUÑOZ"]]) == ["E1"]
    assert await call.names("Employee", filters=[["employee_name", "like", "íñigo_%"]]) == ["E1"]
    assert await call.names("Employee", filters=[["employee_name", "like", "%MUÑO"]]) == []


async def test_filters_on_dates_numbers_and_times(site: FrappeServer, call: Caller) -> None:
    for number, (first, last) in enumerate((("2026-01-01", "2026-01-05"), ("2026-01-04", "2026-01-09"))):
        days = {"from_date": first, "to_date": last, "total_leave_days": 1.5 + number, "half_day": number}
        site.store.insert(
            "Leave Application", {"name": f"L{number}", "employee": "E1", "leave_type": "C", **days}
        )

    async def found(*filters: object) -> list[str]:
        return await call.names("Leave Application", filters=list(filters), order_by="name asc")

    assert await found(["from_date", "<=", "2026-01-03"], ["to_date", ">=", "2026-01-02"]) == ["L0"]
    assert await found(["from_date", "between", ["2026-01-04", "2026-01-04"]]) == ["L1"]
    assert await found(["from_date", "between", "2026-01-01,2026-01-31"]) == ["L0", "L1"]
    assert await found(["from_date", "in", ["2026-01-04 00:00:00"]]) == ["L1"]
    assert await found(["total_leave_days", ">", 2]) == ["L1"]
    assert await found(["total_leave_days", "between", [1, 2]]) == ["L0"]
    assert await found(["total_leave_days", "in", [1.5, "2.5"]]) == ["L0", "L1"]
    assert await found(["half_day", "=", 0]) == ["L0"]
    assert await found(["half_day_date", "=", ""]) == ["L0", "L1"]
    assert await found(["half_day_date", "!=", "2026-01-01"]) == ["L0", "L1"]
    assert await found({"half_day": 1}) == ["L1"]


async def test_words_for_spans_of_time(site: FrappeServer, call: Caller) -> None:
    await call.post(employee="X", log_type="IN")
    for operator, value in (
        ("timespan", "today"),
        ("timespan", "this month"),
        ("timespan", "this week"),
        ("timespan", "this year"),
        ("timespan", "last 7 days"),
        ("previous", "1 week"),
    ):
        count = len(await call.rows(filters=[["time", operator, value]]))
        assert count == 1, (operator, value)
    assert await call.rows(filters=[["time", "timespan", "last year"]]) == []


async def test_names_with_slashes_and_quotes(site: FrappeServer, call: Caller) -> None:
    for name in ("a/b c", "O'Neill", '44"; DROP TABLE x', "HR-EMP-00044"):
        site.store.insert("Employee", {"name": name, "employee_name": name, "date_of_joining": "2020-01-01"})
        assert await call.names("Employee", filters=[["name", "=", name]]) == [name]
        path = f"/api/resource/Employee/{name.replace('/', '%2F')}"
        assert (await call.get(path)).json()["data"]["name"] == name


async def test_a_huge_answer_is_streamed_whole(site: FrappeServer, call: Caller) -> None:
    rows = ((f"C-{n:06d}", f"E{n}", "2026-01-01 08:00:00", "2026-01-01 08:00:00") for n in range(45_000))
    site.store.insert_rows("Employee Checkin", ("name", "employee", "time", "modified"), rows)
    answer = await call.get(limit_page_length="0", fields=["name", "employee"], order_by="name asc")
    assert "content-length" not in answer.headers
    names = [row["name"] for row in answer.json()["data"]]
    assert names == [f"C-{n:06d}" for n in range(45_000)]


async def test_five_cookies_no_cache_headers_no_compression(ask: Caller) -> None:
    answer = await ask.client.get(CHECKIN, headers={"Accept-Encoding": "gzip"})
    assert len(answer.headers.get_list("set-cookie")) == 5
    assert answer.headers.get_list("set-cookie")[0].startswith("sid=Guest;")
    assert not {"etag", "last-modified", "content-encoding"} & answer.headers.keys()
    assert answer.headers["connection"] == "close"


async def test_methods_of_the_site(ask: Caller) -> None:
    async def said(method: str, **params: object) -> object:
        return (await ask.get(f"/api/method/{method}", **params)).json()["message"]

    assert await said("ping") == await said("frappe.ping") == "pong"
    assert await said("frappe.client.get_time_zone") == {"time_zone": "Asia/Kolkata"}
    assert await said("version") == "15.105.0"
    listed = await said("frappe.client.get_list", doctype="Employee", order_by="name asc", limit="1")
    assert listed == [{"name": "HR-EMP-00001"}]
    person = await said("frappe.client.get", doctype="Employee", name="HR-EMP-00002")
    assert person["employee_name"] == "Emp0002 Test"  # type: ignore[index]
    limited = await said("frappe.desk.reportview.get_count", doctype="Employee Checkin", limit="100")
    assert limited == 100


async def test_the_second_version_of_the_interface(ask: Caller) -> None:
    one = await ask.get("/api/v2/document/Employee/HR-EMP-00002")
    assert one.json()["data"]["employee_name"] == "Emp0002 Test"
    assert (await ask.get("/api/v2/method/ping")).json() == {"data": "pong"}
    wrong = await ask.get("/api/v2/document/Employee", fields=["nosuch"])
    assert wrong.status_code == 417
    assert wrong.json()["errors"][0]["type"] == "DataError"
    assert len(await ask.rows("../v1/resource/Employee", limit="2")) == 2


async def test_basic_and_token_name_the_same_user(ask: Caller) -> None:
    plain = base64.b64encode(b"KEY:SECRET").decode()
    for header in (f"Basic {plain}", "token KEY:SECRET", "TOKEN KEY:SECRET"):
        answer = await ask.client.get(
            "/api/method/frappe.auth.get_logged_user", headers={"Authorization": header}
        )
        assert answer.json() == {"message": "sync@example.com"}


async def test_keyset_pages_over_name_give_every_row_once(ask: Caller, recorded: FrappeServer) -> None:
    seen: list[str] = []
    while page := await ask.names(
        filters=[["name", ">", seen[-1] if seen else ""]], order_by="name asc", limit="100"
    ):
        seen += page
    assert all(earlier < later for earlier, later in pairwise(seen))
    assert len(seen) == recorded.store.count("Employee Checkin")


def test_a_store_can_be_kept_and_opened_again(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "site.sqlite"
    first = Store(file)
    first.insert("Branch", {"name": "Villas", "branch": "Villas"})
    first.close()
    again = Store(file)
    assert again.count("Branch") == 1
    again.close()
