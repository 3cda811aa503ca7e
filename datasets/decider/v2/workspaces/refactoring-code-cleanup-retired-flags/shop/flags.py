"""Feature flags: true, false, or the percentage of users that have the feature."""
import json
import pathlib
import zlib

PATH = pathlib.Path(__file__).parent.parent / "flags.json"


def enabled(name, user):
    """Whether the user has the feature; KeyError for an unknown flag."""
    state = json.loads(PATH.read_text())[name]
    if isinstance(state, bool):
        return state
    return zlib.crc32(f"{name}:{user}".encode()) % 100 < state
