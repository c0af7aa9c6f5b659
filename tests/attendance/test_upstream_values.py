"""The pure parts of the upstream: values, refusals as recorded, page sizes."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.rules.zones import same_clock
from service.attendance.upstream import documents, translate
from service.attendance.upstream.pagesize import PATIENCE, SMALLEST, PageSize
from service.attendance.upstream.refusals import FieldRefused, failure_of, refusal_of
from service.attendance.upstream.translate import Ids, Names, UnknownPerson
from service.attendance.upstream.values import (
    BadValue,
    back_by,
    day,
    day_or_none,
    plain,
    time_of_day,
    wall_clock,
    wall_clock_or_none,
)
from service.core.outbound import Answer, Unusable

MEXICO = ZoneInfo("America/Mexico_City")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-07-01 08:00:00", datetime(2025, 7, 1, 8)),
        ("2025-07-01 08:00:00.123456", datetime(2025, 7, 1, 8, 0, 0, 123456)),
        ("2025-07-01T08:00:00", datetime(2025, 7, 1, 8)),
        ("2025-07-01T14:00:00Z", datetime(2025, 7, 1, 8)),
        ("2025-07-01 16:00:00+02:00", datetime(2025, 7, 1, 8)),
    ],
)
def test_wall_clock(text: str, moment: datetime) -> None:
    assert wall_clock(text, MEXICO) == moment


@pytest.mark.parametrize("text", ["soon", "2025-13-01 00:00:00", "08:00:00"])
def test_wall_clock_refuses(text: str) -> None:
    with pytest.raises(BadValue):
        wall_clock(text, MEXICO)


def test_null_and_empty_are_alike() -> None:
    assert wall_clock_or_none("", MEXICO) is wall_clock_or_none(None, MEXICO) is None
    assert day_or_none("") is day_or_none(None) is None
    with pytest.raises(BadValue):
        day("")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("8:00:00", time(8)),
        ("08:05", time(8, 5)),
        ("23:59:59.5", time(23, 59, 59)),
        ("0:00:00", time()),
    ],
)
def test_time_of_day(text: str, moment: time) -> None:
    assert time_of_day(text) == moment


@pytest.mark.parametrize("text", [None, "", "25:00:00", "eight", "8"])
def test_time_of_day_refuses(text: str | None) -> None:
    with pytest.raises(BadValue):
        time_of_day(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ""),
        ("Christmas", "Christmas"),
        ("R&D day, 1 < 2", "R&D day, 1 < 2"),
        (
            '<div class="ql-editor read-mode"><p>New <b>Y</b>ear&#39;s</p><p>Day<br></p></div>',
            "New Year's Day",
        ),
    ],
)
def test_rich_text_is_read_as_its_words(text: str | None, words: str) -> None:
    assert plain(text) == words


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)), st.integers(0, 100_000))
def test_back_by_keeps_the_site_s_form(moment: datetime, seconds: int) -> None:
    text = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    earlier = back_by(text, seconds)
    assert len(earlier) == 26
    assert (moment - datetime.fromisoformat(earlier)).total_seconds() == seconds
    assert earlier <= text  # texts order as their moments do


def test_aliases_show_the_same_clock() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert same_clock("Asia/Kolkata", "Asia/Calcutta", now)
    assert not same_clock("Asia/Kolkata", "Asia/Karachi", now)
    assert not same_clock("Europe/London", "Africa/Abidjan", now)  # alike in winter only


def _answer(status: int, body: object, media_type: str = "application/json") -> Answer:
    encoded = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Answer(status, {"content-type": media_type}, encoded)


@pytest.mark.parametrize(
    ("status", "body", "retry", "code"),
    [
        (401, {"exc_type": "AuthenticationError"}, False, "upstream_credential"),
        (403, {"exc_type": "PermissionError"}, False, "upstream_forbidden"),
        (404, {"exc_type": "DoesNotExistError"}, False, "upstream_not_found"),
        (404, b"<p>HOST does not exist</p>", False, "upstream_no_site"),
        (302, b"", False, "upstream_redirect"),
        (409, {"exc_type": "DuplicateEntryError"}, False, "upstream_refused"),
        (417, {"exc_type": "ValidationError", "exception": "Operator must be"}, False, "upstream_refused"),
        (417, {"exc_type": "RateLimitExceededError"}, True, "upstream_429"),
        (429, {"exc_type": "TooManyRequestsError"}, True, "upstream_429"),
        (429, b"slow down", True, "upstream_429"),
        (500, {"exc_type": "ParserError"}, False, "upstream_bad_question"),
        (500, {"exc_type": "ProgrammingError"}, False, "upstream_bad_question"),
        (500, {"exc_type": "JSONDecodeError"}, False, "upstream_bad_question"),
        (500, {"exc_type": "IndexError"}, False, "upstream_bad_question"),
        (
            500,
            {"exc_type": "OperationalError", "exception": "(1054, \"Unknown column 'x'\")"},
            False,
            "upstream_bad_question",
        ),
        (500, {"exc_type": "OperationalError", "exception": "(1213, 'Deadlock')"}, True, "upstream_500"),
        (500, {"exc_type": "OperationalError"}, True, "upstream_500"),
        (500, {"exc_type": "QueryDeadlockError"}, True, "upstream_500"),
        (500, b"<html>Internal Server Error</html>", True, "upstream_500"),
        (508, {"exc_type": "QueryTimeoutError"}, True, "upstream_508"),
        (503, {"exc_type": "SessionStopped"}, True, "upstream_503"),
        (502, b"<html>502</html>", True, "upstream_502"),
    ],
)
def test_errors_are_decided_by_type_and_shape(status: int, body: object, retry: bool, code: str) -> None:
    failure = failure_of(_answer(status, body), "Employee Checkin")
    assert (failure.retry, failure.error.code) == (retry, code)
    assert "Traceback" not in failure.error.detail


@pytest.mark.parametrize(
    "body",
    [
        {
            "exc_type": "DataError",
            "exception": "frappe.exceptions.DataError: Field not permitted in query: x",
        },
        {
            "exc_type": "DataError",
            "_server_messages": '["{\\"message\\": \\"Field not permitted in query: x\\"}"]',
        },
        {"errors": [{"type": "DataError", "message": "Field not permitted in query: x"}]},
    ],
)
def test_a_refused_field_is_named(body: object) -> None:
    failure = failure_of(_answer(417, body), "Attendance")
    assert isinstance(failure, Unusable)
    assert isinstance(failure.error, FieldRefused)
    assert failure.error.field == "x"


def test_messages_are_plain_words() -> None:
    body = {"exc_type": "PermissionError", "_server_messages": '["{\\"message\\": \\"<b>No</b><br>way\\"}"]'}
    assert refusal_of(_answer(403, body)).message == "No way"
    assert refusal_of(_answer(403, {"_server_messages": "broken"})).message == "broken"


def test_page_size_grows_to_the_ceiling_and_halves() -> None:
    size = PageSize(100, 1000)
    for expected in (200, 400, 800, 1000, 1000):
        size.worked()
        assert size.size == expected
    assert size.failed(1000)
    assert size.size == 500
    assert size.failed(1000)  # another stream's page of the old size: halved once only
    assert size.size == 500
    for _ in range(PATIENCE - 1):
        size.worked()
    assert size.size == 500
    size.worked()
    assert size.size == 1000


def test_page_size_has_a_floor() -> None:
    size = PageSize(100, 1000)
    while size.failed(size.size):
        pass
    assert size.size == SMALLEST


def _names() -> Names:
    return Names(MEXICO, people=Ids({"HR-EMP-00001": 7}), devices=Ids({"gate": 3}))


def _checkin(**values: object) -> documents.Checkin:
    given = {
        "name": "C1", "modified": "2025-07-01 08:00:01.000001", "employee": "HR-EMP-00001", "log_type": "IN",
        "time": "2025-07-01 08:00:00.900000", "device_id": "gate", "skip_auto_attendance": 0,
    } | values  # fmt: skip
    return msgspec.convert(given, documents.Checkin)


def test_a_punch_becomes_a_row() -> None:
    row = translate.checkin(_checkin(), _names())
    assert row["local_time"] == datetime(2025, 7, 1, 8)
    assert row["at"] == datetime(2025, 7, 1, 14, tzinfo=UTC)
    assert (row["person_id"], row["unknown_person"], row["device_id"], row["day"]) == (
        7, None, 3, date(2025, 7, 1),
    )  # fmt: skip


def test_links_are_found_without_case() -> None:
    assert translate.checkin(_checkin(employee="hr-emp-00001"), _names())["person_id"] == 7


def test_a_punch_of_an_unknown_employee_is_kept_under_that_name() -> None:
    row = translate.checkin(_checkin(employee="GHOST"), _names())
    assert (row["person_id"], row["unknown_person"]) == (None, "GHOST")


@pytest.mark.parametrize("values", [{"time": None}, {"time": "soon"}, {"log_type": "BREAK"}])
def test_a_punch_that_cannot_be_read_is_not_guessed_at(values: dict[str, object]) -> None:
    with pytest.raises(BadValue):
        translate.checkin(_checkin(**values), _names())


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2021-10-31 01:30:00", datetime(2021, 10, 31, 6, 30, tzinfo=UTC)),  # shown twice: the first
        ("2021-04-04 02:30:00", datetime(2021, 4, 4, 8, 30, tzinfo=UTC)),  # skipped: offset before the gap
    ],
)
def test_times_around_a_change_of_the_clock(local: str, utc: datetime) -> None:
    assert translate.checkin(_checkin(time=local), _names())["at"].astimezone(UTC) == utc


def test_a_leave_of_somebody_unknown_is_told_apart() -> None:
    leave = documents.LeaveApplication(
        name="L", modified="2025-07-01 08:00:00", employee="GHOST", leave_type="Casual", from_date="2025-07-01",
        to_date="2025-07-02", half_day=0, half_day_date=None, total_leave_days=2, status="Open", docstatus=0,
    )  # fmt: skip
    names = Names(MEXICO, leave_types=Ids({"Casual": 1}))
    with pytest.raises(UnknownPerson):
        translate.leave(leave, names)
