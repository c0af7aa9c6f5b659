"""What yarns weigh and how they are made, as their sizes say: kept beside the text, to be searched by."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection
from service.mill.rules.sizes import Size

_TEXTS: Final = text("""
    SELECT y.id, y.size_raw, y.description FROM mill.yarns y
    WHERE y.yarn_code IN (SELECT i.yarn_code FROM incoming i WHERE NOT i.bad) ORDER BY y.id
""")
_PUT: Final = text("""
    UPDATE mill.yarns y SET ply = i.ply, filaments = i.filaments, tex = i.tex, fibre_form = i.form
    FROM unnest(CAST(:ids AS bigint[]), CAST(:plies AS smallint[]), CAST(:filaments AS int[]),
                CAST(:tex AS numeric[]), CAST(:forms AS text[])) AS i (id, ply, filaments, tex, form)
    WHERE y.id = i.id
          AND (y.ply, y.filaments, y.tex, y.fibre_form) IS DISTINCT FROM (i.ply, i.filaments, i.tex, i.form)
""")


async def select_size_texts(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Of the good rows' yarns: what their sizes are read from."""
    return (await conn.execute(_TEXTS)).all()


async def put_sizes(conn: WriteConnection, ids: Sequence[int], sizes: Sequence[Size | None]) -> None:
    """Sizes in the order of `ids`; None: not known."""
    asked = {
        "ids": list(ids),
        "plies": [size and size.ply for size in sizes],
        "filaments": [size and size.filaments for size in sizes],
        "tex": [size and size.tex for size in sizes],
        "forms": [size.form if size else "unknown" for size in sizes],
    }
    await conn.execute(_PUT, asked)
