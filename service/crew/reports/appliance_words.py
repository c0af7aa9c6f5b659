"""What the reports on appliances call things, and their lifetime."""

from datetime import timedelta
from typing import Final

LIFETIME: Final = timedelta(minutes=15)
SPANISH: Final = {
    "station": "Estación",
    "appliance": "Vehículo",
    "from": "Desde",
    "to": "Hasta",
    "known_at": "Según lo sabido el",
    "redact": "Sin nombres",
    "since": "Desde",
    "until": "Hasta",
    "duration_seconds": "Duración",
    "status": "Estado",
    "level": "Nivel",
    "crew": "Personal",
    "officer": "Mandos",
    "driver": "Conductores",
    "ba": "Equipo de respiración",
    "short": "Faltan",
    "until_is_lower_bound": "Fin no conocido",
    "complete": "Completo",
    "min_minutes": "Minutos mínimos",
    "min_additional": "Personas que faltan",
    "who": "Quién lo resolvería",
    "sets": "Soluciones",
    "discrepancy": "Discrepancia",
    "step": "Minutos por tramo",
    "at": "A las",
    "available_seconds": "En servicio",
    "off_the_run_seconds": "Fuera de servicio",
    "crew_deficient_seconds": "Dotación insuficiente",
    "unknown_seconds": "No conocido",
    "gaps": "Huecos",
    "slots": "Tramos",
    "fewest": "Personal mínimo",
}


def shorts_in_words(shorts: dict[str, int]) -> str:
    """`total_crew 2, officer 1`."""
    return ", ".join(f"{code} {short}" for code, short in shorts.items())
