"""What `muster doctor` looks at and finds, of whatever part of the house."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a stable word, whether it is well, and one sentence (what to do)."""

    code: str
    well: bool
    sentence: str
