"""Files into the mirror: a whole file or nothing, a finding per row, the same rows again change nothing."""

from service.attendance.imports.job import run

__all__ = ["run"]
