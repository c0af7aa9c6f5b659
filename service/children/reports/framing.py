"""What the declared reports share: their window as dates, how complete they are, their words in Spanish."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import Figures
from service.children.rules.completeness import SOURCE, late_note, reasons_of, through
from service.children.rules.windows import span_of
from service.reporting.report import BuildContext, Built, Completeness
from service.schemas.children.analytics import DEFINITIONS, FiguresAsk

P = TypeVar("P", bound=FiguresAsk)

CAUTION: Final = "These figures describe sessions of play. They are no diagnosis and no assessment."

SPANISH: Final[Mapping[str, str]] = {
    "figure": "Cifra",
    "value": "Valor",
    "n": "De cuántos",
    "unit": "Unidad",
    "previous": "Antes",
    "change": "Cambio",
    "direction": "Frente a antes",
    "trend": "En el periodo",
    "sufficient": "Datos suficientes",
    "session_id": "Sesión",
    "started_at": "Inicio",
    "session_type": "Tipo de sesión",
    "scenario_version": "Versión del escenario",
    "device_type": "Dispositivo",
    "completion_status": "Estado",
    "score": "Puntuación",
    "duration_seconds": "Duración",
    "active_seconds": "Tiempo activo",
    "engagement": "Participación",
    "accuracy": "Aciertos (%)",
    "independence": "Autonomía (%)",
    "help_requests": "Ayudas pedidas",
    "initial_state": "Estado al empezar",
    "final_state": "Estado al terminar",
    "parent_rating": "Valoración de los padres",
    "came_late": "Llegó tarde",
    "child_id": "Niño",
    "name": "Nombre",
    "access": "Acceso",
    "finished": "Terminadas",
    "completed": "Completadas",
    "total": "Sesiones",
    "in_progress": "Abiertas",
    "completion_rate": "Completadas (%)",
    "score_n": "Puntuaciones",
    "score_direction": "Puntuación: tendencia",
    "engagement_n": "Con participación",
    "engagement_direction": "Participación: tendencia",
    "sessions_per_week": "Sesiones por semana",
    "open_sessions": "Sesiones abiertas",
    "last_session_at": "Última sesión",
    "recommendations": "Sugerencias",
    "children": "Niños",
    "window": "Periodo",
    "from": "Desde",
    "to": "Hasta",
    "tz": "Zona horaria",
}


def resolved(params: P, context: BuildContext) -> P:
    """The window as dates, up to today by `tz` or UTC: what is sealed names days, not "the last 30"."""
    span = span_of(params)
    if span.days is None:
        return params
    today = context.now.astimezone(ZoneInfo(span.zone or "UTC")).date()
    first = today - timedelta(days=span.days - 1)
    return params.model_copy(update={"window": None, "from_": first, "to": today})


def period_of(params: FiguresAsk) -> tuple[date, date]:
    """First and last day of resolved parameters."""
    assert params.from_ is not None
    assert params.to is not None
    return params.from_, params.to


def asking_of(params: FiguresAsk, context: BuildContext, children: Sequence[int] | None) -> Asking:
    """The question of resolved parameters."""
    return Asking(span=span_of(params), now=context.now, children=children, session_type=params.session_type)


def built(
    rows: Sequence[Mapping[str, Any]], found: Figures, context: BuildContext, summary: Mapping[str, Any]
) -> Built:
    """A report about one child, as complete as its sessions are."""
    document = found.documents["summary"]
    reasons = reasons_of(document, now=context.now, to_at=found.to_at)
    late = late_note(document)
    return Built(
        rows=rows,
        completeness=Completeness(
            complete=not reasons,
            as_of=context.now,
            complete_through={SOURCE: through(document, context.now)},
            reasons=reasons,
        ),
        timezone=found.zone,
        rules_version=DEFINITIONS,
        notes=[CAUTION, *([late] if late else [])],
        summary=summary,
    )
