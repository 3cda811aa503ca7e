"""`routelab.toml`: what to measure, on what, under which rules, and how to serve it."""

from routelab.config.load import Config, configured, load_config, parse_config, sessions_url, store_url
from routelab.config.sections import BenchConfig, CapabilityConfig, EndpointConfig, Price
from routelab.config.serving import ServeConfig, ShadowConfig

__all__ = [
    "BenchConfig",
    "CapabilityConfig",
    "Config",
    "EndpointConfig",
    "Price",
    "ServeConfig",
    "ShadowConfig",
    "configured",
    "load_config",
    "parse_config",
    "sessions_url",
    "store_url",
]
