"""A large report as the answer of its route: written to a file first, then sent, in constant memory.

Nothing is sent before all of it is written: what fails on the way is an error, not a shorter file, and no
snapshot stays open while a slow reader reads.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, Final

from starlette.concurrency import iterate_in_threadpool
from starlette.responses import StreamingResponse

from service.core.auth import Caller
from service.reporting.answer import question_of
from service.reporting.completeness import completeness_headers, reasons_of
from service.reporting.desk import Desk
from service.reporting.filenames import file_name, file_stem
from service.reporting.report import Report, Style
from service.reporting.snapshots import Platform, reach
from service.reporting.sources import every_formatter, streamed_source, write_file
from service.schemas.envelope import Ask

MOST_HELD: Final = 2_000
"""Rows up to which an answer is built at once and kept for the next caller."""
LONGEST: Final = 300.0
PIECE: Final = 256 * 1024


async def large_answer(
    platform: Platform,
    desk: Desk,
    report: Report[Any, Any],
    params: Ask,
    caller: Caller,
    *,
    name: str,
    style: Style,
    minimum: Mapping[str, int] | None,
) -> StreamingResponse | None:
    """The response in the named format; None where the report has so few rows that it can be held.

    Raises what the report's `stream` raises, and `Unavailable` as `ask` does.
    """
    await reach(platform, minimum)
    question = question_of(platform, desk.name, report, params, caller, minimum=minimum)
    chosen = every_formatter(report)[name]
    async with streamed_source(platform, question, style, timeout=LONGEST) as source:
        if source.total <= MOST_HELD:
            return None
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed by who sends it, or with the last reference
        with _closed_on_failure(file):
            await write_file(source, chosen.write, file)
    await desk.note(platform.database, caller, f"{report.snake}.read", source.subjects)
    headers = {
        **chosen.headers,
        "Cache-Control": "private, no-store",
        "Content-Length": str(file.tell()),
        "Data-Version": source.data_version,
        "Vary": "Accept, Authorization, Cookie",
    }
    if name != "json":
        headers |= completeness_headers(source.complete, reasons_of(source.view.answer["meta"]))
    if chosen.attachment:
        named = file_name(
            file_stem(question), chosen.extension, source.generated_at, complete=source.complete
        )
        headers["Content-Disposition"] = f'attachment; filename="{named}"'
    return StreamingResponse(
        iterate_in_threadpool(_pieces(file)), headers=headers, media_type=chosen.media_type
    )


@contextmanager
def _closed_on_failure(file: IO[bytes]) -> Iterator[None]:
    """A file that was not written to its end goes at once."""
    try:
        yield
    except BaseException:
        file.close()
        raise


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
