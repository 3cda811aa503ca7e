from tidelog.units import Feet, to_feet
from tidelog.station import Station

__all__ = ["Feet", "Station", "to_feet"]
