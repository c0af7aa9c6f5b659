"""The job that reads what lies in the watched folder: strictly, each file by a run of its own."""

from typing import Any, Final

from service.core.errors import Conflict, ServiceError
from service.core.tasks import JobContext
from service.core.telemetry import expect_repeats, get_logger
from service.mill.files.inbox import LONGEST_NAME, Arrived, arrived, put_away
from service.reporting.files import uploads

JOB: Final = "mill.import"
log = get_logger(__name__)


async def run(context: JobContext) -> dict[str, Any] | None:
    """The job `mill.inbox`: import files strictly, and move each to `done` or `refused` with its report."""
    folder, in_thread = context.runtime.settings.mill.inbox, context.runtime.compute.in_thread
    if folder is None:
        return None
    expect_repeats("the files of a folder are read one after the other")
    files = await in_thread(arrived, folder)
    for done, file in enumerate(files, 1):
        report = await _read(context, file)
        if report is None:
            continue
        well = report.get("status") == "done" and not report.get("rows_rejected")
        path = await in_thread(put_away, file.path, report, well=well)
        context.counts["files_written" if well else "files_refused_written"] += 1
        log.info("inbox_file_read", file=path.name, kind=file.kind, well=well)
        await context.progress(done, len(files), "files", file.path.name)
    return {"files": [one.path.name for one in files]} if files else None


async def _read(context: JobContext, file: Arrived) -> dict[str, Any] | None:
    """What came of a file; of one that nobody can read, why. None: its kind is being imported, it stays."""
    runtime = context.runtime
    if file.kind is None:
        return {"file": file.path.name, "status": "refused", "problem": file.problem}
    upload = await runtime.compute.in_thread(uploads.copied, runtime.settings, file.path)
    asked = {"kind": file.kind, "mode": "strict", "name": file.path.name[:LONGEST_NAME], "upload": upload}
    try:
        row = await runtime.tasks.run_now(JOB, asked, "inbox")
    except ServiceError as error:
        uploads.upload_path(runtime.settings, upload).unlink(missing_ok=True)
        if isinstance(error, Conflict):
            return None
        return {"file": file.path.name, "status": "refused", "problem": error.detail}
    if row.result is None:
        problem = (row.error or {}).get("detail", f"the run {row.state}")
        return {"file": file.path.name, "status": "refused", "problem": problem, "run_id": str(row.id)}
    report: dict[str, Any] = row.result
    return report
