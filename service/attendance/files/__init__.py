"""The files that attendance is imported from: bytes, cells, columns, what may be wrong.

As `upstream/` is to the sync, this is to the imports: it knows no database.
"""
