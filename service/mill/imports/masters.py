"""Suppliers, styles, other names of styles, machines, rates: upserted by their key."""

from service.mill.imports.orders import tell_unknown_styles
from service.mill.imports.work import Work
from service.mill.queries import naming_styles, scopes
from service.mill.queries import publishing_masters as masters


async def nothing_more(_: Work) -> None:
    """Rows that are right by themselves are right."""


async def check_styles_named(work: Work) -> None:
    """Styles that nobody knows."""
    await tell_unknown_styles(work, as_they_are=True)


async def publish_suppliers(work: Work) -> None:
    """Put suppliers in force."""
    work.came["updated"] += await masters.put_suppliers(work.conn, work.present)
    work.scopes |= {scopes.STOCK}


async def publish_styles(work: Work) -> None:
    """Put styles in force; sales and rolls may mean one of them now."""
    if "work_center" in work.present:
        work.came["centres_inserted"] += await masters.put_centres(work.conn)
    work.came["updated"] += await masters.put_styles(work.conn, work.present)
    await naming_styles.name_again(work.conn)
    work.scopes |= {scopes.RECIPES, scopes.PLANT, scopes.ORDERS}


async def publish_map(work: Work) -> None:
    """Put other names of styles in force; sales and rolls are named again."""
    work.came["styles_inserted"] += await naming_styles.insert_stub_styles(work.conn)
    work.came["updated"] += await masters.put_aliases(work.conn)
    work.came["named_again"] += await naming_styles.name_again(work.conn)
    work.scopes |= {scopes.RECIPES, scopes.ORDERS}


async def publish_machines(work: Work) -> None:
    """Put machines in force."""
    work.came["centres_inserted"] += await masters.put_centres(work.conn)
    work.came["updated"] += await masters.put_machines(work.conn)
    work.scopes |= {scopes.PLANT}


async def publish_rates(work: Work) -> None:
    """Put rates in force."""
    work.came["styles_inserted"] += await naming_styles.insert_stub_styles(work.conn)
    work.came["updated"] += await masters.put_rates(work.conn)
    work.scopes |= {scopes.PLANT, scopes.RECIPES}
