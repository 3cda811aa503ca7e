def cents(text):
    """Cents of a price like 3,20; ValueError if it is none."""
    whole, comma, part = text.strip().partition(",")
    if not comma or len(part) != 2:
        raise ValueError(text)
    return int(whole) * 100 + int(part)
