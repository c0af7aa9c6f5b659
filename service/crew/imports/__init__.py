"""Files into the desk: a whole file or nothing, a finding per row, the same rows again change nothing."""

from service.crew.imports.job import run

__all__ = ["run"]
