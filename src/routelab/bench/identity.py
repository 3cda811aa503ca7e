"""The engine identity: results are carried only between runs that share it."""

import hashlib

import msgspec

from routelab.records import Engine


def engine_identity(engine: Engine) -> str:
    """A hash of everything beside candidate and repetitions that an outcome depends on."""
    return hashlib.sha256(msgspec.json.encode(engine, order="sorted")).hexdigest()
