"""What no log line of any test may hold: children and their people, credentials, what was written (T110, Q60).

Every test's captured output is looked through when it ends. A log line is one that our loggers write, readable
(an instant and a level in brackets) or as JSON, or one of the standard logging; what a test prints itself is
not. Output that a test takes for itself (`capsys`) is that test's business.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from service.simulators.families import words
from service.simulators.families.plan import DOMAIN

_READABLE: Final = re.compile(r"^(\x1b\[\d+m)*\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S* .*\[(\x1b\[\d+m)*[a-z]+ *")
_OF_FIXTURES: Final = (
    r"\b(?:Emma|Leo)\b",  # the children of F0
    r"\b(?:[gvcexwnu]\d|ad)@example\.org\b",  # the people of F0
    r"\bslept (?:badly|well)\b|HYPERLINK|among ourselves",  # what notes of tests say
)
_CHILDREN: Final = "|".join(re.escape(name) for name in words.CHILDREN)
_LAST: Final = "|".join(re.escape(name) for name in words.LAST)
_OF_THE_DEMO: Final = (
    rf"@{re.escape(DOMAIN)}\b",
    rf"\b(?:{_CHILDREN}) (?:{_LAST})\b",
    "|".join(re.escape(str(note[-1] if isinstance(note, tuple) else note)[:40]) for note in words.NOTES),
    "|".join(re.escape(said[:40]) for said in (*words.MEDICATIONS, *words.SUMMARIES)),
)
_CREDENTIALS: Final = (
    r"mst_[0-9A-Za-z]{8}_[0-9A-Za-z_-]{20,}",
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+",
)
FORBIDDEN: Final = re.compile("|".join((*_OF_FIXTURES, *_OF_THE_DEMO, *_CREDENTIALS)))


def betraying(sections: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The log lines of a test's captured output that tell what they must not."""
    for title, text in sections:
        if not title.startswith("Captured") or FORBIDDEN.search(text) is None:
            continue
        every = title.startswith("Captured log")
        for line in text.splitlines():
            if (every or _is_log_line(line)) and FORBIDDEN.search(line):
                yield line


def _is_log_line(line: str) -> bool:
    return _READABLE.match(line) is not None or line.startswith('{"event"') or '"timestamp"' in line
