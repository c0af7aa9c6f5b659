"""The blocking twin."""

import asyncio
import threading
from pathlib import Path

import pytest

from service.client import CallOptions, MusterClientSync, NotFound, Unavailable
from service.client.testing import FakeMuster


def fake() -> FakeMuster:
    made = FakeMuster()
    made.answer("/v1/x", {"ok": True})
    return made


def test_calls_errors_and_views() -> None:
    with fake().client_sync() as muster:
        assert muster.request("GET", "/v1/x").json() == {"ok": True}
        with pytest.raises(NotFound):
            muster.request("GET", "/v1/y")
        view = muster.with_options(CallOptions(retries=0))
        assert view.request("GET", "/v1/x").json() == {"ok": True}
        assert "mst_fake" not in repr(muster) + repr(view)


def test_it_can_be_closed_unused_and_twice() -> None:
    muster = fake().client_sync()
    muster.close()
    muster.close()
    with pytest.raises(RuntimeError, match="closed"):
        muster.request("GET", "/v1/x")


def test_closing_ends_its_thread() -> None:
    before = threading.active_count()
    with fake().client_sync() as muster:
        muster.request("GET", "/v1/x")
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_several_threads_may_share_it() -> None:
    told = fake()
    with told.client_sync() as muster:
        threads = [threading.Thread(target=muster.request, args=("GET", "/v1/x")) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(told.requests) == 20


def test_files_and_runs(tmp_path: Path) -> None:
    told = fake()
    told.answer("/v1/export", b"a,b\r\n")
    run = {"id": "7", "job": "x", "created_at": "2026-10-01T00:00:00Z", "state": "done"}
    told.answer("/v1/runs/{id}", run)
    told.fail("/v1/export", status=503, times=1)
    with told.client_sync() as muster:
        path = muster.download("/v1/export", tmp_path / "x.csv", format="csv")
        assert path.read_bytes() == b"a,b\r\n"
        assert muster.wait("7").state == "done"
    assert [seen.query for seen in told.requests] == [{"format": "csv"}, {"format": "csv"}, {}]


def test_retries_are_those_of_the_async_client() -> None:
    told = fake()
    told.fail("/v1/x", status=503)
    with told.client_sync() as muster, pytest.raises(Unavailable):
        muster.request("GET", "/v1/x")
    assert len(told.requests) == 3


async def test_from_a_thread_of_an_async_program() -> None:
    def work() -> int:
        with fake().client_sync() as muster:
            return muster.request("GET", "/v1/x").status

    assert await asyncio.to_thread(work) == 200


def test_a_wrong_address_starts_nothing() -> None:
    before = threading.active_count()
    with pytest.raises(ValueError, match="base_url"):
        MusterClientSync("nowhere")
    assert threading.active_count() == before
