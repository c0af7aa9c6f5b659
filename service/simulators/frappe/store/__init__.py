"""The site's rows in one SQLite file: 5 million check-ins in bounded memory."""

from service.simulators.frappe.store.rows import Store

__all__ = ["Store"]
