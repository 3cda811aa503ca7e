"""Outdoor temperature."""
import legacy_http


def temperature(station):
    """Degrees as float, or None when the station does not answer with 200."""
    status, text = legacy_http.get("http://weather.example/" + station, timeout_ms=1500, retries=2)
    if status != 200:
        return None
    return float(text)
