"""The predecessor's words: its column names (spec A.12), its labels of a day (F.3), days of the week.

What it had no word for has one in its manner. English readers get the codes as they are in JSON.
"""

from collections.abc import Mapping
from typing import Final

from service.reporting.columns import humanised

COLUMNS: Final[Mapping[str, str]] = {
    "person": "employee",
    "person_name": "Nombre",
    "site": "sucursal",
    "day": "dia",
    "weekday": "dia_semana",
    "shift": "turno",
    "shift_start": "hora_entrada_programada",
    "late_minutes": "minutos_tarde",
    "status": "tipo_retardo",
    "late_forgiven": "retardo_perdonado",
    "base_status": "tipo_retardo_original",
    "base_late_minutes": "minutos_tarde_original",
    "adjusted_status": "tipo_falta_ajustada",
    "on_leave": "tiene_permiso",
    "leave_type": "tipo_permiso",
    "half_day_leave": "es_permiso_medio_dia",
    "absence_justified": "falta_justificada",
    "shift_end": "hora_salida_programada",
    "early": "salida_anticipada",
    "expected_net_seconds": "horas_esperadas",
    "gross_seconds": "duration",
    "worked_seconds": "horas_trabajadas",
    "break_seconds": "horas_descanso",
    "incidents": "observaciones",
}
"""Columns of the detail CSV; its punches are `checado_1`, `checado_2`, …"""
_STATUS: Final[Mapping[str, str]] = {
    "PENDING": "Pendiente",
    "NOT_EMPLOYED": "No Contratado",
    "HOLIDAY": "Día Festivo",
    "HOLIDAY_WORKED": "Día Festivo Trabajado",
    "REST": "Día no Laborable",
    "REST_WORKED": "Día no Laborable",
    "ON_LEAVE": "Permiso",
    "WFH": "Trabajo desde Casa",
    "ON_DUTY": "Comisión",
    "PRESENT": "A Tiempo",
    "LATE": "Retardo",
    "LATE_FORGIVEN": "A Tiempo (Cumplió Horas)",
    "SEVERE_LATE": "Falta Injustificada",
    "MISSING_IN": "Falta Entrada Nocturno",
    "MISSING_OUT": "Falta registro de salida",
    "HALF_DAY": "Medio Día",
    "HALF_DAY_LEAVE": "Permiso Medio Día",
    "HALF_DAY_ABSENT": "Permiso Medio Día (Falta)",
    "ABSENT": "Falta",
    "ABSENT_JUSTIFIED": "Falta Justificada",
}
_INCIDENTS: Final[Mapping[str, str]] = {
    "MISSING_IN": "Falta registro de entrada",
    "MISSING_OUT": "Falta registro de salida",
    "OFF_SHIFT": "Checada fuera de turno",
    "DUPLICATE": "Checada duplicada",
    "WORKED_ON_LEAVE": "Trabajó con permiso",
    "AMBIGUOUS_TIME": "Hora ambigua",
    "NONEXISTENT_TIME": "Hora inexistente",
    "FUTURE": "Checada futura",
    "SKIPPED": "Checada omitida",
    "OUTSIDE_EMPLOYMENT": "Checada fuera de contrato",
    "WORKED_ON_DAY_OFF": "Trabajó en descanso",
    "CONFLICT": "Asistencia en conflicto",
}
_WEEKDAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo"),
}


def status_word(status: str, locale: str) -> str:
    """The label of a status; the code itself for English readers."""
    return _STATUS[status] if locale == "es" else status


def incident_word(incident: str, locale: str) -> str:
    """The label of an incident."""
    return _INCIDENTS[incident] if locale == "es" else humanised(incident.lower())


def weekday_word(number: int, locale: str) -> str:
    """The name of a day of the week, 1 = Monday."""
    return _WEEKDAYS.get(locale, _WEEKDAYS["en"])[number - 1]
