"""What the files of a report about a child are labelled with, in English and Spanish."""

from collections.abc import Mapping
from typing import Final

from service.reporting.columns import humanised

_ENGLISH: Final = {
    "by-type": "By type of session",
    "n": "Number",
    "statement_sha256": "SHA-256",
    "published": "Published",
    "intact": "This is what was published: its hash has been worked out again.",
    "not_intact": "This is no longer what was published.",
    "not_published": "This report has not been published.",
    "correction_note": "Correction",
    "print": "Figures as they were when the report was written",
}
_SPANISH: Final = {
    "abandoned": "Abandonadas",
    "about": "Informe",
    "accuracy": "Precisión",
    "activities": "Actividades",
    "active_seconds": "Segundos activos",
    "approver": "Aprobado por",
    "author": "Autor",
    "by-type": "Por tipo de sesión",
    "completed": "Completadas",
    "completion_rate": "Porcentaje completado",
    "content": "Texto",
    "correction_note": "Corrección",
    "definitions_version": "Versión de las definiciones",
    "delta": "Diferencia",
    "direction": "Tendencia",
    "duration_seconds": "Duración (segundos)",
    "early": "Primera mitad",
    "emotions": "Emociones",
    "engagement": "Participación",
    "field": "Campo",
    "finished": "Terminadas",
    "from": "Desde",
    "help": "Ayuda",
    "in_progress": "En curso",
    "independence": "Independencia",
    "intact": "Es lo que se publicó: su huella se ha vuelto a calcular.",
    "interrupted": "Interrumpidas",
    "late": "Segunda mitad",
    "max": "Máximo",
    "mean": "Media",
    "median": "Mediana",
    "min": "Mínimo",
    "n": "Número",
    "not_intact": "Ya no es lo que se publicó.",
    "not_published": "Este informe no se ha publicado.",
    "parent_rating": "Valoración de la familia",
    "print": "Cifras tal como eran cuando se escribió el informe",
    "published": "Publicado",
    "published_at": "Publicado",
    "score": "Puntuación",
    "section": "Sección",
    "sessions": "Sesiones",
    "status": "Estado",
    "statement_sha256": "SHA-256",
    "summary": "Resumen",
    "timezone": "Zona horaria",
    "title": "Título",
    "to": "Hasta",
    "total": "Total",
    "trends": "Tendencias",
    "type": "Tipo",
    "value": "Valor",
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "es": _SPANISH}


def label(name: str, locale: str) -> str:
    """A name in a language; one that has no word there in English."""
    return _WORDS[locale].get(name) or _ENGLISH.get(name) or humanised(name)


def path_label(path: str, locale: str) -> str:
    """A figure's path, such as `score.mean`, part by part."""
    return " · ".join(label(part, locale) for part in path.split("."))
