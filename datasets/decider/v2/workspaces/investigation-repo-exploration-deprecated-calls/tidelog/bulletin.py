from tidelog.station import Station
from tidelog.units import to_feet as ft


def line(station: Station, reading):
    return f"{station.name:12} {reading:6.2f} m {station.to_feet(reading):6} ft"


def table(station, readings):
    head = f"{'time':12} {'m':>6}"
    rows = [f"{when:12} {value:6.2f} ({ft(value):.1f} ft)" for when, value in readings]
    return "\n".join([head, *rows])


def extremes(readings):
    values = [value for _, value in readings]
    return {"low": min(values), "high": max(values), "range": ft(max(values)) - ft(min(values))}
