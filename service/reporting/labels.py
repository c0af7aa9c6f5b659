"""Labels of columns, parameters and totals by the name of their field, in every language but English.

English labels are the titles of the schemas' fields (or their names in words). A report whose column is
called otherwise says so in `Report.labels`. A test holds every column of every report against this page.
"""

from collections.abc import Mapping
from typing import Final

_SPANISH: Final[Mapping[str, str]] = {
    "absence_justified": "Falta justificada",
    "base_status": "Estado original",
    "break_seconds": "Horas de descanso",
    "compared": "Comparados",
    "company": "Empresa",
    "day": "Día",
    "department": "Departamento",
    "designation": "Puesto",
    "device": "Dispositivo",
    "different": "Distintos",
    "differs": "Diferencias",
    "early": "Salida anticipada",
    "equal": "Iguales",
    "expected_net_seconds": "Horas esperadas netas",
    "expected_seconds": "Horas esperadas",
    "from": "Desde",
    "grade": "Nivel",
    "group": "Grupo",
    "group_by": "Agrupado por",
    "have": "Hay",
    "incidents": "Incidencias",
    "kind": "Tipo",
    "late_minutes": "Minutos tarde",
    "leave_type": "Tipo de permiso",
    "link": "Explicación",
    "month": "Mes",
    "most_punches": "Máximo de checadas",
    "need": "Hace falta",
    "only_differences": "Solo diferencias",
    "our_hours": "Nuestras horas",
    "our_in": "Nuestra entrada",
    "our_out": "Nuestra salida",
    "our_status": "Nuestro estado",
    "ours": "Nuestro",
    "people": "Personas",
    "person": "Número",
    "person_name": "Nombre",
    "reason": "Motivo",
    "remedies": "Remedios",
    "rows": "Filas",
    "rule_set": "Reglas",
    "shift": "Turno",
    "site": "Sucursal",
    "status": "Estado",
    "subject": "Asunto",
    "summarized": "Resumido",
    "their_hours": "Sus horas",
    "their_in": "Su entrada",
    "their_out": "Su salida",
    "theirs": "Del origen",
    "to": "Hasta",
    "total_absent": "Faltas",
    "total_early_exits": "Salidas anticipadas",
    "total_holidays": "Descansos",
    "total_late_entries": "Retardos",
    "total_leaves": "Permisos",
    "total_present": "Asistencias",
    "unmarked_days": "Sin marcar",
    "upstream_name": "Documento de origen",
    "worked_seconds": "Horas trabajadas",
}
_BY_LOCALE: Final[Mapping[str, Mapping[str, str]]] = {"es": _SPANISH}


def labels(locale: str) -> Mapping[str, str]:
    """The labels of a language by field name; none for English, whose labels the schemas hold."""
    return _BY_LOCALE.get(locale, {})
