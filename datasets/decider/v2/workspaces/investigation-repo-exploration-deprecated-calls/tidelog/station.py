from tidelog import units


class Station:
    def __init__(self, name, datum):
        self.name, self.datum = name, datum

    def to_feet(self, reading):
        """Height above the station's datum, for the old printers."""
        return round(units.to_feet(reading - self.datum), 1)

    def summary(self, readings):
        # to_feet(max(readings)) was printed here until 3.0
        return f"{self.name}: {max(readings):.2f} m"
