"""An answer in one format: bytes in pieces, media type, file name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service.core.auth import Caller
from service.reporting.answer import Answer, Question, ask
from service.reporting.desk import Desk
from service.reporting.filenames import file_name, file_stem
from service.reporting.formats import JSON_MEDIA_TYPE, formatters
from service.reporting.report import Report, Style, View
from service.reporting.snapshots import Platform
from service.schemas.envelope import Ask


@dataclass(frozen=True, kw_only=True)
class RenderedReport:
    """One report in one format; `pieces()` writes it, off the event loop where the answer is large."""

    question: Question
    answer: Answer
    format: str
    style: Style
    media_type: str
    attachment: bool
    extension: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def view(self) -> View:
        """The decoded answer with its columns; takes a while for large ones."""
        decoded = self.answer.decoded()
        report, style = self.question.report, self.style
        columns = report.columns_of(decoded, style.locale)
        return View(
            desk=self.question.desk,
            report=report,
            answer=decoded,
            columns=columns,
            style=style,
            writes=self.question.context.caller.may(f"{self.question.desk}:write"),
        )

    def pieces(self, view: View | None = None) -> Iterable[bytes]:
        """The bytes, in pieces."""
        if self.format == "json":
            return (self.answer.body,)
        return formatters(self.question.report)[self.format].write(view or self.view())

    @property
    def filename(self) -> str:
        """The name of the answer as a file."""
        answer = self.answer
        stem = file_stem(self.question)
        return file_name(stem, self.extension, answer.generated_at, complete=answer.complete)


def rendered(question: Question, answer: Answer, name: str, style: Style) -> RenderedReport:
    """An answer, ready to be written in the named format."""
    if name == "json":
        media_type, attachment, extension, headers = JSON_MEDIA_TYPE, False, "json", {}
    else:
        chosen = formatters(question.report)[name]
        media_type, attachment = chosen.media_type, chosen.attachment
        extension, headers = chosen.extension, dict(chosen.headers)
    return RenderedReport(
        question=question,
        answer=answer,
        format=name,
        style=style,
        media_type=media_type,
        attachment=attachment,
        extension=extension,
        headers=headers,
    )


async def run_report(
    platform: Platform,
    desk: Desk,
    report: Report[Any, Any],
    params: Ask,
    caller: Caller,
    *,
    format: str = "json",  # noqa: A002  the word of the API and of the command line
    style: Style | None = None,
    minimum: Mapping[str, int] | None = None,
) -> RenderedReport:
    """Run a report for a route, a command or a job.

    Raises `NotAllowed` without the report's read scope, and what the report's build raises.
    """
    caller.require(desk.reads_of(report))
    question, answer = await ask(platform, desk.name, report, params, caller, minimum=minimum)
    return rendered(question, answer, format, style or Style())


def quarter_hour_after(moment: datetime) -> datetime:
    """The next full quarter of an hour: every local midnight on Earth is one of these."""
    seconds = int(moment.timestamp()) // 900 * 900 + 900
    return datetime.fromtimestamp(seconds, UTC)
