"""A browser's way through the site, and its tables as rows of cells."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

LOGIN = "/Account/Login.aspx"
MAIN = "/Availability/Schedule/AvailabilityMain1.aspx"
GRID = f"{MAIN}/GetSchedule"
JSON = {"Content-Type": "application/json; charset=UTF-8", "X-Requested-With": "XMLHttpRequest"}

ASKED: dict[str, Any] = {
    "brigadeId": 101, "brigadeName": "P22", "employeeBrigadeId": 0, "bookingDate": "05/03/2026",
    "resolution": 15, "dayCount": 0, "showDetails": "true", "showHours": "true",
    "highlightContractDetails": "false", "highlightEmployeesOffStation": "true",
    "includeApplianceStatus": "true", "showEmpShiftTypes": "false",
}  # fmt: skip


def literal(**changes: Any) -> str:
    """What the site's own script sends: bare keys, single quotes."""
    asked = {**ASKED, **changes}
    return "{" + ",".join(f"{name}:{value!r}" for name, value in asked.items()) + "}"


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


class Browser:
    """A client that keeps cookies and follows redirects."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def form(self) -> dict[str, str]:
        return hidden((await self.http.get(LOGIN)).text)

    async def sign_in(self, password: str = "demo", user: str = "demo", **changes: str) -> httpx.Response:
        fields = {**await self.form(), "txt_userid": user, "txt_pword": password, "btnLogin": "Sign In"}
        return await self.http.post(LOGIN, data={**fields, **changes})

    async def ask(self, **changes: Any) -> httpx.Response:
        return await self.http.post(GRID, content=literal(**changes), headers=JSON)

    async def grid(self, **changes: Any) -> "Table":
        answer = await self.ask(**changes)
        assert answer.status_code == 200, answer.text
        return Table.of(answer.json()["d"])


@dataclass
class Cell:
    """One cell; styles without spaces."""

    attributes: dict[str, str]
    text: str = ""

    @property
    def shape(self) -> tuple[dict[str, str], str]:
        style = {"style": self.attributes["style"].replace(" ", "")} if "style" in self.attributes else {}
        return {**self.attributes, **style}, self.text.replace("\xa0", " ").strip()


@dataclass
class Table(HTMLParser):
    """The rows of a page's tables, with the class of each."""

    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)

    @classmethod
    def of(cls, html: str) -> "Table":
        made = cls()
        HTMLParser.__init__(made)
        made.feed(html)
        return made

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "tr":
            self.rows.append((given.get("class", ""), []))
        if tag == "td":
            self.rows[-1][1].append(Cell(given))

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1].text += data.strip("\n")

    @property
    def labels(self) -> list[str]:
        return [cell.text for cell in self.rows[0][1] if re.fullmatch(r"\d{4}", cell.text)]

    @property
    def names(self) -> list[str]:
        return [cells[0].text for kind, cells in self.rows if kind == "employee"]

    def person(self, name: str) -> str:
        """A person's slots: `.` available, `-` off by class, `~` by colour, `?` unclear, else the code."""
        row = next(cells for kind, cells in self.rows if kind == "employee" and cells[0].text == name)
        return "".join(_mark(cell) for cell in row[4:])

    def row(self, first: str) -> list[Cell]:
        """The cells after a row's first one."""
        return next(cells[1:] for _, cells in self.rows if cells[0].text == first and len(cells) > 1)

    def appliance(self, name: str) -> str:
        return "".join("." if "#009933" in cell.attributes["style"] else "x" for cell in self.row(name))

    def counted(self, what: str) -> list[int]:
        return [int(cell.text) for cell in self.row(what)]


def _mark(cell: Cell) -> str:
    kind = cell.attributes.get("class", "")
    if cell.text:
        return cell.text
    if kind == "schTD_off":
        return "-"
    return "~" if "style" in cell.attributes else "." if kind == "schTD" else "?"
