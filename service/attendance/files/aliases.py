"""What columns are called, in English and Spanish: data, compared without accents, case and signs."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.schemas.attendance import ImportKind

_PERSON = (
    "person", "employee", "employee id", "employee number", "employee no", "employee code", "emp id",
    "emp code",
    "staff id", "badge", "number", "empleado", "id empleado", "numero de empleado", "numero empleado",
    "no empleado", "num empleado", "codigo empleado", "codigo de empleado", "clave empleado", "clave",
    "codigo", "nomina", "legajo", "persona", "trabajador",
)  # fmt: skip
_NAME = (
    "name", "full name", "employee name", "person name", "nombre", "nombre completo", "nombre empleado",
    "nombre del empleado",
)  # fmt: skip
_ID = ("id", "record id", "checkin id", "folio", "document", "documento")
_DATE = ("date", "day", "work date", "fecha", "dia")
_SHIFT = ("shift", "shift type", "shift name", "schedule", "turno", "tipo de turno", "horario")
_FROM = (
    "from", "from date", "start date", "valid from", "since", "desde", "fecha inicio", "fecha de inicio",
    "fecha inicial", "inicio", "del",
)  # fmt: skip
_TO = (
    "to", "to date", "end date", "valid to", "until", "hasta", "fecha fin", "fecha final", "fecha de fin",
    "fin",
    "al",
)  # fmt: skip
_HOLIDAY_LIST = ("holiday list", "calendar", "lista de festivos", "lista de feriados", "calendario")
_STATUS = ("status", "state", "estado", "estatus", "situacion")

ALIASES: Final[Mapping[ImportKind, Mapping[str, Sequence[str]]]] = {
    "punches": {
        "person": _PERSON,
        "date": _DATE,
        "time": (
            "time", "timestamp", "date time", "datetime", "punch time", "check time", "time stamp",
            "log time",
            "hora", "checada", "marcacion", "marca", "fichada", "fecha hora", "fecha y hora", "hora checada",
            "registro",
        ),
        "in": (
            "in", "in time", "time in", "clock in", "check in", "first in", "entry", "entrada",
            "hora entrada",
            "hora de entrada", "ingreso",
        ),
        "out": (
            "out", "out time", "time out", "clock out", "check out", "last out", "exit", "salida",
            "hora salida",
            "hora de salida", "egreso",
        ),
        "punch": ("punch", "checado"),
        "device": (
            "device", "device id", "location device id", "terminal", "clock", "reader", "dispositivo",
            "checador", "reloj", "lector", "equipo",
        ),
        "log_type": ("log type", "type", "direction", "in out", "tipo", "tipo de registro", "movimiento"),
        "id": _ID,
        "skip": ("skip", "skip auto attendance", "omitir"),
    },
    "people": {
        "person": _PERSON,
        "name": _NAME,
        "status": _STATUS,
        "site": ("site", "branch", "location", "sucursal", "sitio", "sede", "plantel"),
        "company": ("company", "employer", "empresa", "compania", "razon social"),
        "department": ("department", "departamento", "area"),
        "designation": ("designation", "position", "job title", "puesto", "cargo"),
        "grade": ("grade", "grado", "nivel"),
        "joined_on": (
            "joined", "joined on", "date of joining", "joining date", "hire date", "hired on",
            "fecha de ingreso", "fecha ingreso", "ingreso", "alta", "fecha de alta", "fecha alta",
        ),
        "left_on": (
            "left on", "relieving date", "leaving date", "termination date", "baja", "fecha de baja",
            "fecha baja", "egreso",
        ),
        "default_shift": (*_SHIFT, "default shift", "turno predeterminado"),
        "holiday_list": _HOLIDAY_LIST,
        "device_user": (
            "device user", "attendance device id", "clock id", "biometric id", "codigo checador",
            "id checador",
        ),
    },
    "shifts": {
        "shift": (*_SHIFT, *_NAME),
        "start_time": (
            "start", "start time", "from", "begin", "entrada", "hora entrada", "hora de entrada", "inicio",
            "hora inicio", "hora de inicio",
        ),
        "end_time": (
            "end", "end time", "to", "finish", "salida", "hora salida", "hora de salida", "fin", "hora fin",
            "hora de fin",
        ),
        "before_minutes": (
            "before minutes", "begin check in before shift start time", "minutos antes", "margen antes",
        ),
        "after_minutes": (
            "after minutes", "allow check out after shift end time", "minutos despues", "margen despues",
        ),
        "late_grace_minutes": (
            "late grace minutes", "late grace", "late entry grace period", "tolerancia", "tolerancia entrada",
        ),
        "early_grace_minutes": (
            "early grace minutes", "early grace", "early exit grace period", "tolerancia salida",
        ),
        "half_day_threshold_hours": ("half day threshold hours", "working hours threshold for half day"),
        "absent_threshold_hours": ("absent threshold hours", "working hours threshold for absent"),
        "holiday_list": _HOLIDAY_LIST,
    },
    "schedules": {
        "person": _PERSON,
        "shift": _SHIFT,
        "from_date": _FROM,
        "to_date": _TO,
        "status": _STATUS,
        "id": _ID,
    },
    "weekly": {
        "person": _PERSON,
        "shift": ("shift", "shift type", "shift name", "schedule", "turno", "horario"),
        "start_time": (
            "in", "start time", "entry", "entry time", "entrada", "hora entrada", "hora de entrada",
            "hora inicio", "hora de inicio",
        ),
        "end_time": (
            "out", "end time", "exit", "exit time", "salida", "hora salida", "hora de salida", "hora fin",
            "hora de fin",
        ),
        "days": (
            "days", "day", "weekdays", "weekday", "days of week", "days of the week", "dias", "dia",
            "dias de la semana", "dia de la semana", "tipo turno", "tipo de turno",
        ),
        "half_of_month": ("half", "half of month", "half month", "quincena", "mitad"),
        "from_date": _FROM,
        "to_date": _TO,
        "priority": ("priority", "prioridad"),
    },
    "leaves": {
        "person": _PERSON,
        "leave_type": (
            "leave type", "type", "leave", "permiso", "tipo", "tipo de permiso", "tipo permiso", "ausencia",
            "tipo de ausencia", "motivo",
        ),
        "from_date": (*_FROM, *_DATE),
        "to_date": _TO,
        "half_day": ("half day", "medio dia"),
        "half_day_date": ("half day date", "fecha medio dia"),
        "half": ("half", "which half", "mitad"),
        "unpaid": ("unpaid", "is lwp", "without pay", "sin goce", "sin goce de sueldo"),
        "status": _STATUS,
        "id": _ID,
    },
    "holidays": {
        "date": (*_DATE, "holiday date"),
        "description": (
            "description", "holiday", "reason", "descripcion", "festivo", "feriado", "motivo", *_NAME,
        ),
        "holiday_list": (*_HOLIDAY_LIST, "list", "lista"),
        "weekly_off": ("weekly off", "descanso", "descanso semanal", "dia de descanso"),
        "half_day": ("half day", "is half day", "medio dia"),
    },
}  # fmt: skip
# What reports often carry beside what they are about: known, and not needed.
BESIDE: Final[Mapping[ImportKind, Sequence[str]]] = {
    "punches": (*_NAME, *_SHIFT),
    "schedules": _NAME,
    "weekly": (*_NAME, "branch", "sucursal"),
    "leaves": _NAME,
    "people": (),
    "shifts": (),
    "holidays": (),
}
