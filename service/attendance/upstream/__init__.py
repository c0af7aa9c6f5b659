"""The upstream of this desk, a Frappe HR / ERPNext site: its documents, paging and quirks.

Its own words (employee, branch, leave application) end here; `translate` turns its documents into our rows.
"""
