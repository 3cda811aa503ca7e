import tidelog.units as u
from tidelog.display import height, to_feet


def level(metres, limits_ft):
    feet = to_feet(metres)
    return sum(feet > limit for limit in limits_ft)


def message(station, metres, limits_ft):
    if level(metres, limits_ft) == 0:
        return None
    return (
        f"{station.name}: {height(metres)}, "
        f"{u.to_feet(metres - station.datum):.1f} ft over datum"
    )
