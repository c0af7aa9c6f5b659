"""The client against a simulated site: recorded exchanges, faults, adapting pages, probing."""

import pytest

from service.attendance.upstream import documents
from service.attendance.upstream.client import FrappeClient, site_memories
from service.attendance.upstream.pages import by_name, by_stamp, name_at, newest, split_points
from service.attendance.upstream.sites import WrongTimeZone, check_time_zone, probe
from service.core.errors import UpstreamError, UpstreamGarbled, UpstreamRefused, UpstreamSilent
from service.simulators.frappe import ApiKey, FrappeConfig, FrappeServer, RateLimit, faults
from tests.attendance.mirroring import (
    CHECKIN,
    add_person,
    add_punch,
    add_punches,
    client_of,
    settings_of,
    site,
)


async def names_of(client: FrappeClient) -> list[str]:
    return [row.name async for page in by_name(client, documents.CHECKIN) for row in page]


@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 1000])
async def test_q10_every_row_once_whatever_the_number(server: FrappeServer, rows: int) -> None:
    expected = add_punches(server.store, rows)
    async with client_of(server, max_page=100) as client:
        assert await names_of(client) == sorted(expected)
        changed = [row.name async for page in by_stamp(client, documents.CHECKIN, None) for row in page]
        assert sorted(changed) == sorted(expected)


async def test_q11_rows_inserted_deleted_and_edited_between_pages(server: FrappeServer) -> None:
    before = add_punches(server.store, 600)
    victims = iter(before[::7])
    edits = iter(before[3::11])

    def disturb() -> None:
        add_punch(server.store, "E1", f"2025-08-01 08:{len(gone):02d}:00")
        gone.append(name := next(victims))
        server.store.delete(CHECKIN, name)
        server.store.update(CHECKIN, next(edits), {"device_id": "edited"})

    gone: list[str] = []
    server.faults.add(faults.mutate(disturb), kind="list", doctype=CHECKIN)
    async with client_of(server, page=50, max_page=50) as client:
        seen = await names_of(client)
    assert len(seen) == len(set(seen))
    assert set(before) - set(gone) <= set(seen)


async def test_q11_nothing_is_lost_by_modified_while_rows_change(server: FrappeServer) -> None:
    before = add_punches(server.store, 400)
    edits = iter(before[::5])
    server.faults.add(
        faults.mutate(lambda: server.store.update(CHECKIN, next(edits), {"device_id": "edited"})),
        kind="list", doctype=CHECKIN, times=15,
    )  # fmt: skip
    latest: dict[str, str | None] = {}
    async with client_of(server, page=20, max_page=20) as client:
        async for page in by_stamp(client, documents.CHECKIN, None):
            latest |= {row.name: row.device_id for row in page}
    stored = {row["name"]: row["device_id"] for row in server.store.rows(CHECKIN)}
    assert latest == stored


async def test_ties_in_modified_that_fill_pages_are_drained(server: FrappeServer) -> None:
    stamp = "2025-07-01 08:00:00.000000"
    many = [{"employee": "E1", "time": f"2025-07-01 08:{n:02d}:00", "modified": stamp} for n in range(60)]
    expected = server.store.insert_many(CHECKIN, many) + add_punches(server.store, 30)
    async with client_of(server, page=20, max_page=20) as client:
        seen = [row.name async for page in by_stamp(client, documents.CHECKIN, None) for row in page]
    assert sorted(seen) == sorted(expected)


async def test_order_is_always_total(server: FrappeServer) -> None:
    add_punches(server.store, 30)
    async with client_of(server) as client:
        await names_of(client)
        await newest(client, documents.CHECKIN)
        assert [row async for row in by_stamp(client, documents.CHECKIN, None)]
    orders = {entry.params.get("order_by") for entry in server.requests.entries if entry.kind == "list"}
    assert orders == {"name asc", "modified asc, name asc", "modified desc, name desc"}


async def test_split_points_cut_into_equal_ranges(server: FrappeServer) -> None:
    names = sorted(add_punches(server.store, 100))
    async with client_of(server) as client:
        points = await split_points(client, documents.CHECKIN, 4)
        assert points == [names[25], names[50], names[75]]
        ranges = zip([None, *points], [*points, None], strict=True)
        parts = [
            [row.name async for page in by_name(client, documents.CHECKIN, after=a, until=b) for row in page]
            for a, b in ranges
        ]
        assert [name for part in parts for name in part] == names
        assert await name_at(client, documents.CHECKIN, 0, after=names[98]) == names[99]
        assert await name_at(client, documents.CHECKIN, 1, after=names[98]) is None
        assert await name_at(client, documents.CHECKIN, 5, after=names[3], until=names[8]) is None


async def test_pages_grow_and_shrink_with_the_site(server: FrappeServer) -> None:
    add_punches(server.store, 3000)

    def too_large(call: object) -> bool:
        return int(str(call.params.get("limit_page_length"))) > 400  # type: ignore[attr-defined]

    server.faults.add(faults.html_error(504), kind="list", doctype=CHECKIN, when=too_large)
    async with client_of(server) as client:
        assert len(await names_of(client)) == 3000
        assert client.size.size == 400
    asked = [int(str(entry.params["limit_page_length"])) for entry in server.requests.select(CHECKIN)]
    assert asked[:4] == [100, 200, 400, 800]
    assert max(asked[4:]) == 400


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (faults.truncated(), UpstreamGarbled, "upstream_bad_json"),
        (faults.login_page(), UpstreamGarbled, "upstream_not_json"),
        (faults.wrong_content_type(), UpstreamGarbled, "upstream_not_json"),
        (faults.wrong_types(name=17), UpstreamGarbled, "upstream_wrong_shape"),
        (faults.wrong_types(time=17), UpstreamGarbled, "upstream_wrong_shape"),
        (faults.raw(200, b'{"message":1}'), UpstreamGarbled, "upstream_wrong_shape"),
        (faults.raw(200, b'{"data":{}}'), UpstreamGarbled, "upstream_wrong_shape"),
        (faults.raw(200, b"[]"), UpstreamGarbled, "upstream_wrong_shape"),
        (faults.raw(200, b""), UpstreamGarbled, "upstream_bad_json"),
        (faults.broken_off(), UpstreamGarbled, "upstream_truncated"),
        (faults.gzip_bomb(256), UpstreamGarbled, "upstream_too_large"),
        (faults.huge_body(200), UpstreamGarbled, "upstream_too_large"),
        (faults.reset(), UpstreamSilent, "upstream_reset"),
        (faults.maintenance(), UpstreamSilent, "upstream_503"),
        (faults.html_error(502), UpstreamSilent, "upstream_502"),
        (faults.server_failure(), UpstreamSilent, "upstream_500"),
        (faults.server_failure("ParserError"), UpstreamRefused, "upstream_bad_question"),
        (faults.forbidden(), UpstreamRefused, "upstream_forbidden"),
        (faults.credential_refused(), UpstreamRefused, "upstream_credential"),
        (faults.too_many_requests(3600), UpstreamSilent, "upstream_429"),
    ],
)
async def test_q13_q14_a_failure_is_typed_and_never_an_empty_page(
    server: FrappeServer, fault: object, kind: type[UpstreamError], code: str
) -> None:
    add_punches(server.store, 3)
    server.faults.add(fault, kind="list", doctype=CHECKIN)  # type: ignore[arg-type]
    async with client_of(server) as client:
        with pytest.raises(kind) as raised:
            await names_of(client)
    assert raised.value.code == code


async def test_q14_extra_fields_are_ignored(server: FrappeServer) -> None:
    expected = add_punches(server.store, 3)
    server.faults.add(faults.extra_fields(surprise={"deep": [1]}), kind="list")
    async with client_of(server) as client:
        assert await names_of(client) == expected


async def test_a_field_above_the_permission_level_is_an_error_not_a_null() -> None:
    hidden = FrappeConfig(keys=(ApiKey("demo", "demo", hidden=frozenset({(CHECKIN, "time")})),))
    async with site(hidden) as server:
        add_person(server.store, "E1")
        add_punches(server.store, 3)
        async with client_of(server) as client:
            with pytest.raises(UpstreamRefused, match="'time'"):
                await names_of(client)
        assert server.requests.count(kind="list", doctype=CHECKIN) == 1


@pytest.mark.parametrize("profile", ["v14", "v15", "v16"])
async def test_every_release_is_read(profile: str) -> None:
    async with site(FrappeConfig(profile=profile)) as server:
        add_person(server.store, "E1")
        add_person(server.store, "E2")
        expected = add_punches(server.store, 5)
        async with client_of(server) as client:
            assert await names_of(client) == expected
            for doctype in documents.ALL:
                if doctype is not documents.HOLIDAY_LIST_ASSIGNMENT and doctype is not documents.DELETED:
                    await client.rows(doctype, filters=(), order_by="name asc")
            report = await probe(client)
            assert report.well
            assert report.release == profile


async def test_documents_and_holidays(server: FrappeServer) -> None:
    async with client_of(server) as client:
        found = await client.document(documents.HOLIDAY_LIST, "Feasts", documents.HolidayList)
        assert found is not None
        assert [row.holiday_date for row in found.holidays] == ["2025-09-16"]
        assert await client.document(documents.HOLIDAY_LIST, "None", documents.HolidayList) is None


async def test_the_rate_limiter_is_obeyed() -> None:
    config = FrappeConfig(rate_limit=RateLimit(window=1, limit=0.2, fixed_cost=0.2))
    async with site(config) as server:
        add_person(server.store, "E1")
        expected = add_punches(server.store, 25)
        async with client_of(server, page=10, max_page=10) as client:
            assert await names_of(client) == expected
            assert client.outbound.statistics.outcomes["rate_limited"] > 0
            assert client.outbound.statistics.rate_limit


async def test_wrong_zone_is_one_sentence(server: FrappeServer) -> None:
    async with client_of(server, time_zone="Europe/London") as client:
        with pytest.raises(WrongTimeZone, match="TIME_ZONE=America/Mexico_City"):
            await check_time_zone(client)
        report = await probe(client)
    assert [finding.code for finding in report.findings if not finding.well] == ["time_zone"]


async def test_probe_names_missing_rights_and_restrictions() -> None:
    readable = frozenset({"Employee", CHECKIN, "Company", "Branch"})
    keys = (ApiKey("demo", "demo", readable=readable, employees=frozenset({"E1"})),)
    async with site(FrappeConfig(keys=keys)) as server:
        add_person(server.store, "E1")
        add_person(server.store, "E2")
        async with client_of(server) as client:
            report = await probe(client)
    missing = {finding.sentence for finding in report.findings if not finding.well}
    assert any("Leave Application" in sentence for sentence in missing)
    assert any("1 employees" in sentence for sentence in missing)
    assert not report.well
    assert report.rows["Employee"] == 1


async def test_probe_of_a_refused_credential(server: FrappeServer) -> None:
    async with client_of(server, secret="wrong") as client:
        report = await probe(client)
    assert [finding.code for finding in report.findings] == ["credential"]
    assert "API Access" in report.findings[0].sentence


async def test_what_was_learnt_outlives_the_client(server: FrappeServer) -> None:
    add_punches(server.store, 300)
    first = FrappeClient.remembering(settings_of(server))
    async with first:
        await names_of(first)
    async with FrappeClient.remembering(settings_of(server)) as second:
        assert second.size is first.size
        assert second.outbound.breaker is first.outbound.breaker
        assert second.outbound.statistics.requests > 0
    assert str(settings_of(server).url) in site_memories()


async def test_secrets_are_not_in_any_repr(server: FrappeServer) -> None:
    async with client_of(server, secret="very-secret") as client:
        assert "very-secret" not in repr(client) + repr(client.settings) + repr(client.outbound)


async def test_page_sizes_of_the_settings_hold_in_a_remembering_client(server: FrappeServer) -> None:
    add_punches(server.store, 30)
    for page, most in ((10, 10), (5, 20), (50, 20)):
        async with FrappeClient.remembering(settings_of(server, page=page, max_page=most)) as client:
            server.requests.clear()
            rows, ended = await client.rows(documents.CHECKIN, filters=(), order_by="name asc")
            assert (len(rows), ended) == (min(page, most), False)
            for _ in range(3):
                rows, _ = await client.rows(documents.CHECKIN, filters=(), order_by="name asc")
            assert len(rows) == most
        async with FrappeClient.remembering(settings_of(server, page=page, max_page=most)) as again:
            assert again.size is client.size


async def test_a_document_type_that_a_release_does_not_have_is_no_failure(server: FrappeServer) -> None:
    async with client_of(server) as client:
        for ask in (client.count, lambda doctype: client.rows(doctype, filters=(), order_by="name asc")):
            with pytest.raises(UpstreamRefused):
                await ask(documents.HOLIDAY_LIST_ASSIGNMENT)
        assert client.outbound.statistics.last_failure is None
