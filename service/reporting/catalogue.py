"""What a desk's reports are, as one answer: for menus, command lines and people who explore."""

from service.reporting.desk import Desk
from service.reporting.formats import formatters
from service.schemas.envelope import Catalogue, CatalogueEntry, Page


def catalogue(desk: Desk) -> Catalogue:
    """The reports of a desk in the order of their declaration."""
    entries = [
        CatalogueEntry(
            name=report.name,
            title=report.title,
            description=report.description,
            path=f"/v1/{desk.name}/reports/{report.name}",
            formats=["json", *formatters(report)],
            explains=report.explain is not None,
            params=report.params.model_json_schema(by_alias=True),
        )
        for report in desk.reports
    ]
    return Catalogue(items=entries, page=Page(has_more=False, limit=len(entries)))
