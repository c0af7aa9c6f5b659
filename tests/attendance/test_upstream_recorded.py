"""The client reads what a real site answered: every recorded exchange becomes rows, or a typed sentence."""

from typing import Any

import msgspec
import pytest

from service.attendance.upstream.refusals import FieldRefused, failure_of
from service.core.outbound import Answer
from tests.simulators.frappe.recorded import Exchange, exchanges

REFUSED = [exchange for exchange in exchanges() if exchange.status >= 400]


def _answer(exchange: Exchange) -> Answer:
    body = exchange.body if isinstance(exchange.body, str) else msgspec.json.encode(exchange.body).decode()
    return Answer(exchange.status, exchange.answer_headers, body.encode())


@pytest.mark.parametrize("exchange", REFUSED, ids=lambda exchange: exchange.title)
def test_no_recorded_error_is_worth_asking_again(exchange: Exchange) -> None:
    """They are all answers to wrong questions or missing rights, though many bear status 500."""
    failure = failure_of(_answer(exchange), "Employee Checkin")
    assert failure.retry is False
    assert failure.error.detail
    assert "Traceback" not in failure.error.detail


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("no token", "upstream_forbidden"),
        ("wrong key", "upstream_credential"),
        ("disabled user", "upstream_credential"),
        ("user without roles: list", "upstream_forbidden"),
        ("unknown field in fields", "upstream_field_refused"),
        ("unknown name", "upstream_not_found"),
        ("limit negative", "upstream_bad_question"),
        ("bad filters JSON", "upstream_bad_question"),
        ("bad date in filter", "upstream_bad_question"),
    ],
)
def test_recorded_errors_get_their_sentence(title: str, code: str) -> None:
    exchange = next(exchange for exchange in exchanges() if exchange.title == title)
    failure = failure_of(_answer(exchange), "Employee Checkin")
    assert failure.error.code == code
    if isinstance(failure.error, FieldRefused):
        assert failure.error.field == "nosuch"


def test_recorded_rows_decode_as_check_ins() -> None:
    class Listing(msgspec.Struct):
        data: list[dict[str, Any]]

    whole = next(exchange for exchange in exchanges() if exchange.title == "all fields *")
    from service.attendance.upstream.documents import Checkin

    rows = msgspec.json.decode(_answer(whole).body, type=Listing).data
    punch = msgspec.convert(rows[0], Checkin)
    assert (punch.name, punch.employee, punch.log_type) == ("EMP-CKIN-01-2015-000001", "HR-EMP-00757", "IN")
