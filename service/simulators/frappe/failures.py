"""What the site answers when it refuses: status, `exc_type` and body in every shape that was observed.

Only status and `exc_type` are dependable there; the other keys come and go with the kind of error and with
the site's setting for tracebacks. `_server_messages` is a JSON text that holds JSON texts (spec E.5).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import orjson

_TRACE = (
    "Traceback (most recent call last):\n"
    '  File "apps/frappe/frappe/app.py", line 114, in application\n    response = '
    "frappe.api.handle(request)\n"
    "{exception}\n"
)


class Failure(Exception):
    """One refusal.

    `exception` is the dotted class with its text, absent from the body where the site leaves it out;
    `messages` are the texts for people; `error_message` fills `_error_message`.
    """

    def __init__(
        self,
        status: int,
        exc_type: str,
        exception: str | None = None,
        messages: Sequence[str] = (),
        error_message: str | None = None,
        raised: bool = False,
    ) -> None:
        super().__init__(exception or exc_type)
        self.status, self.exc_type, self.exception = status, exc_type, exception
        self.messages, self.error_message, self.raised = tuple(messages), error_message, raised

    def body(self, tracebacks: bool) -> bytes:
        """The v1 error document."""
        answer: dict[str, object] = {}
        if tracebacks and self.exception is not None:
            answer["exception"] = self.exception
        answer["exc_type"] = self.exc_type
        if tracebacks and self.exception is not None:
            answer["exc"] = json.dumps([_TRACE.format(exception=self.exception)])
        if self.messages:
            answer["_server_messages"] = json.dumps([self._message(text) for text in self.messages])
        if self.error_message:
            answer["_error_message"] = self.error_message
        return orjson.dumps(answer)

    def v2_body(self, tracebacks: bool) -> bytes:
        """The v2 error document (spec E.3)."""
        text = self.messages[0] if self.messages else (self.exception or self.exc_type)
        entry = {"type": self.exc_type, "message": text, "title": "Message", "indicator": "red"}
        if tracebacks and self.exception is not None:
            entry["exception"] = _TRACE.format(exception=self.exception)
        return orjson.dumps({"errors": [entry]})

    def _message(self, text: str) -> str:
        entry: dict[str, object] = {"message": text, "title": "Message"}
        if self.raised:
            entry |= {"indicator": "red", "raise_exception": 1}
        return json.dumps(entry)


def frappe_error(status: int, exc_type: str, text: str, raised: bool = True) -> Failure:
    """A refusal by one of the site's own rules, with its text for people."""
    return Failure(status, exc_type, f"frappe.exceptions.{exc_type}: {text}", [text], raised=raised)


def validation(text: str, exc_type: str = "ValidationError") -> Failure:
    """417: the request is wrong."""
    return frappe_error(417, exc_type, text)


def data_error(field: str) -> Failure:
    """417 for a field the doctype does not have, in fields or filters (observed)."""
    return Failure(417, "DataError", f"frappe.exceptions.DataError: Field not permitted in query: {field}")


def server_error(exc_type: str, text: str, module: str = "") -> Failure:
    """500: bad input that the site does not catch (observed for six kinds)."""
    dotted = f"{module}.{exc_type}" if module else exc_type
    return Failure(500, exc_type, f"{dotted}: {text}")


def sql_error(exc_type: str, code: int, text: str) -> Failure:
    """500 with the database's own complaint."""
    return Failure(500, exc_type, f'pymysql.err.{exc_type}: ({code}, "{text}")')


def not_found(doctype: str, name: str) -> Failure:
    return Failure(404, "DoesNotExistError", messages=[f"{doctype} {name} not found"], raised=True)


def no_such_path() -> Failure:
    return Failure(404, "DoesNotExistError")


def unauthenticated() -> Failure:
    return Failure(401, "AuthenticationError", "frappe.exceptions.AuthenticationError")


def no_access(user: str, doctype: str) -> Failure:
    """403 for a user without read permission on the doctype, and for a guest (observed)."""
    text = (
        f"User <strong>{user}</strong> does not have doctype access via role permission for document "
        f"<strong>{doctype}</strong><br>User <strong>{user}</strong> does not have access to this document"
    )
    return Failure(403, "PermissionError", "frappe.exceptions.PermissionError", [text])


def foreign_row(user: str, doctype: str, name: str, employee: str) -> Failure:
    """403 for one document outside the rows a user may see (observed)."""
    text = (
        f"You are not allowed to access this {doctype} record because it is linked to Employee "
        f"'{employee}' in field "
        f"Employee<br>User <strong>{user}</strong> does not have access to this document: {doctype} - {name}"
    )
    return Failure(403, "PermissionError", "frappe.exceptions.PermissionError", [text])


def unknown_doctype(user: str, doctype: str, administrator: bool) -> Failure:
    """403 for ordinary users, 404 for the Administrator (observed)."""
    if administrator:
        return not_found("DocType", doctype)
    text = (
        f"User <strong>{user}</strong> does not have doctype access via role permission for document "
        "<strong>DocType</strong>"
    )
    return Failure(403, "PermissionError", messages=[text], error_message="No permission for DocType")
