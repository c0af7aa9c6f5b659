"""The requests recorded from a real site, parsed: what was asked, what came back."""

import base64
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DATA = Path(__file__).parents[2] / "data" / "frappe"
TRACE = r'"exc":"[\"[traceback]\"]"'


@dataclass(frozen=True)
class Exchange:
    """One recorded request and answer. `body` is what of the answer was kept whole: parsed JSON, or text."""

    title: str
    method: str
    path: str
    params: list[tuple[str, str]]
    headers: dict[str, str]
    status: int
    answer_headers: dict[str, str]
    body: object
    cut: bool

    @property
    def rows(self) -> list[object]:
        assert isinstance(self.body, dict)
        rows = self.body["data"]
        assert isinstance(rows, list)
        return rows


def exchanges() -> list[Exchange]:
    text = (DATA / "exchanges.txt").read_text()
    return [_exchange(part) for part in text.split("\n### ")[1:]]


def _exchange(part: str) -> Exchange:
    title, command, rest = part.split("\n", 2)
    method, path, params, headers = _request(shlex.split(command)[2:])
    if not rest.startswith("HTTP/"):
        size, kind = rest.split()
        return Exchange(
            title, method, path, params, headers, 200, {"content-type": kind}, int(size), cut=True
        )
    head, _, body = rest.partition("\n\n")
    lines = head.splitlines()
    answered = dict(line.lower().split(": ", 1) for line in lines[1:])
    parsed, cut = _body(body.strip(), answered["content-type"])
    return Exchange(title, method, path, params, headers, int(lines[0].split()[1]), answered, parsed, cut)


def _request(words: list[str]) -> tuple[str, str, list[tuple[str, str]], dict[str, str]]:
    method, path, params, headers = "GET", "", [], {}
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, value = words.pop(0).split(": ", 1)
            headers[name] = value.replace("BASE64(KEY:SECRET)", base64.b64encode(b"KEY:SECRET").decode())
        elif word == "--data-urlencode":
            name, value = words.pop(0).split("=", 1)
            params.append((name, value))
        elif word in {"-o", "-w"}:
            words.pop(0)
        elif word.startswith("http://"):
            path = urlsplit(word).path
    return method, path, params, headers


def _body(text: str, kind: str) -> tuple[object, bool]:
    """Parsed JSON; of a recording whose traceback was taken out, or that was cut, the part that is whole."""
    if not kind.startswith("application/json"):
        return text, False
    try:
        return json.loads(text), False
    except json.JSONDecodeError:
        if TRACE in text:
            return json.loads(text[: text.index(TRACE) + len(TRACE)] + "}"), True
        return json.loads(text[: text.rindex("},") + 1] + "]}"), True
