"""The document routes of both API versions: list, read, create, update, delete, count (spec E.2, E.3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from service.simulators.frappe.answers import data, not_allowed
from service.simulators.frappe.calls import Call
from service.simulators.frappe.catalogue import DOCTYPES
from service.simulators.frappe.config import ApiKey
from service.simulators.frappe.doctypes import Doctype
from service.simulators.frappe.documents import (
    create_document,
    delete_document,
    update_document,
    wire_document,
)
from service.simulators.frappe.failures import (
    Failure,
    foreign_row,
    no_access,
    sql_error,
    unknown_doctype,
)
from service.simulators.frappe.query import BUILT_WHOLE, ListQuery, Params, Reader, count_rows, list_query
from service.simulators.serving.answers import Answer, json_answer

if TYPE_CHECKING:
    from service.simulators.frappe.site import Site


def readable(site: Site, key: ApiKey, name: str, parent: object = None) -> Doctype:
    """The doctype `name` where this user may read it; the site's refusals otherwise (observed)."""
    kind = DOCTYPES.get(name)
    if kind is None or kind.since > site.profile.version or name in site.config.absent:
        known = next((d for d in DOCTYPES if d.lower() == name.lower()), None)
        if known and known != name:
            raise Failure(500, "ProgrammingError", f"pymysql.err.ProgrammingError: ('DocType', '{name}')")
        if key.user == "Guest":
            raise no_access(key.user, name)
        raise unknown_doctype(key.user, name, key.administrator)
    owner = str(parent or "") if kind.child else name
    if not key.may_read(owner) or (kind.child and owner not in DOCTYPES):
        raise no_access(key.user, name)
    return kind


def reader(site: Site, call: Call, key: ApiKey, kind: Doctype, see_all: bool = False) -> Reader:
    """What the query compiler needs to know of this request."""
    return Reader(
        version=site.profile.version,
        dialect=site.dialect(),
        aggregate_objects=site.profile.aggregate_objects,
        employees=None if see_all or key.administrator else key.employees,
        hidden=key.hidden_in(kind.name),
        seed=site.config.seed,
        request=call.number,
        permuted=site.config.permute_unordered,
        default_sort=site.profile.default_sort if site.config.default_sort else None,
    )


def document_route(site: Site, call: Call, key: ApiKey) -> Answer:
    """`/api/resource/<DocType>[/<name>]` and its v2 twin."""
    if not call.name:
        if call.method in {"GET", "HEAD"}:
            return list_rows(site, call, key, call.params)
        return create(site, call, key) if call.method == "POST" else not_allowed("POST, HEAD, GET")
    if call.method in {"GET", "HEAD"}:
        return data(read_one(site, call, key, call.doctype, call.name))
    if call.method == "PUT" or (call.method == "PATCH" and call.v2):
        return update(site, call, key)
    return delete(site, call, key) if call.method == "DELETE" else not_allowed("DELETE, PUT, HEAD, GET")


def list_rows(site: Site, call: Call, key: ApiKey, params: Params) -> Answer:
    """A list answer: built whole, or streamed where it is larger than `BUILT_WHOLE` rows."""
    kind = readable(site, key, call.doctype, params.get("parent"))
    if call.v2:
        params = _v1_names(params)
    who = reader(site, call, key, kind)
    query = list_query(kind, params, who)
    database = site.store.database
    if query.limit == 0 or query.limit > BUILT_WHOLE:
        expected = count_rows(database, kind, {**params, "limit": BUILT_WHOLE + 1}, who)
        if expected > BUILT_WHOLE:
            return Answer(200, _streamed(site, query))
    text, rows = query.page(database)
    more = _more(site, call, kind, params, who, query, rows)
    return Answer(200, b'{"data":' + text + more + b"}", rows=rows)


def _v1_names(params: Params) -> Params:
    renamed = {"start": "limit_start", "limit": "limit_page_length"}
    return {renamed.get(name, name): value for name, value in params.items()}


def _more(
    site: Site, call: Call, kind: Doctype, params: Params, who: Reader, query: ListQuery, rows: int
) -> bytes:
    """`has_next_page`, which only newer v2 answers carry (not seen on 15.105)."""
    if not (call.v2 and site.profile.page_flag):
        return b""
    total = (
        count_rows(site.store.database, kind, {**params, "limit": None}, who) if rows == query.limit else 0
    )
    more = total > query.start + rows
    return b',"has_next_page":true' if more else b',"has_next_page":false'


async def _streamed(site: Site, query: ListQuery) -> AsyncIterator[bytes]:
    """A large answer piece by piece, read off the event loop so that other requests go on."""
    yield b'{"data":['
    pieces = query.chunks(site.store.database)
    first = True
    while (text := await asyncio.to_thread(next, pieces, None)) is not None:
        yield text if first else b"," + text
        first = False
    yield b"]}"


def read_one(site: Site, call: Call, key: ApiKey, doctype: str, name: str) -> dict[str, object]:
    """One document, if it exists and belongs to the rows this user may see."""
    kind = readable(site, key, doctype, call.params.get("parent"))
    document = wire_document(site.store, doctype, name, site.profile.version)
    _check_row(key, kind, document)
    return {field: value for field, value in document.items() if field not in key.hidden_in(doctype)}


def _check_row(key: ApiKey, kind: Doctype, document: dict[str, object]) -> None:
    if key.employees is None or key.administrator or kind.person is None:
        return
    person = str(document.get(kind.person, ""))
    if person not in key.employees:
        raise foreign_row(key.user, kind.name, str(document["name"]), person)


def _writable(site: Site, key: ApiKey, doctype: str) -> Doctype:
    kind = readable(site, key, doctype)
    if not key.may_write(doctype):
        raise no_access(key.user, doctype)
    return kind


def create(site: Site, call: Call, key: ApiKey) -> Answer:
    """POST: the new document."""
    _writable(site, key, call.doctype)
    name = create_document(site.store, site.profile, call.doctype, call.document, key.user)
    site.store.release_due()
    document = site.store.get(call.doctype, name)
    if document is None:  # held back by `commit_delay`: the writer sees its own row, others do not yet
        return data({**call.document, "name": name, "doctype": call.doctype})
    return data(wire_document(site.store, call.doctype, name, site.profile.version))


def update(site: Site, call: Call, key: ApiKey) -> Answer:
    """PUT: the changed document."""
    kind = _writable(site, key, call.doctype)
    _check_row(key, kind, wire_document(site.store, call.doctype, call.name, site.profile.version))
    update_document(site.store, site.profile, call.doctype, call.name, call.document, key.user)
    return data(wire_document(site.store, call.doctype, call.name, site.profile.version))


def delete(site: Site, call: Call, key: ApiKey) -> Answer:
    """DELETE: 202; the envelope differs between releases."""
    kind = _writable(site, key, call.doctype)
    _check_row(key, kind, wire_document(site.store, call.doctype, call.name, site.profile.version))
    delete_document(site.store, call.doctype, call.name)
    return json_answer({site.profile.delete_envelope: "ok"}, 202)


def counted(site: Site, call: Call, key: ApiKey, params: Params, see_all: bool = False) -> int:
    """How many rows match; `limit` bounds the count where the route takes one."""
    doctype = str(params.get("doctype") or call.doctype)
    if not doctype:
        raise sql_error("OperationalError", 1103, "Incorrect table name 'tab'")
    kind = readable(site, key, doctype, params.get("parent"))
    return count_rows(site.store.database, kind, params, reader(site, call, key, kind, see_all))
