def to_feet(metres):
    return metres / 0.3048


def height(metres, imperial=False):
    return f"{to_feet(metres):.1f} ft" if imperial else f"{metres:.2f} m"
