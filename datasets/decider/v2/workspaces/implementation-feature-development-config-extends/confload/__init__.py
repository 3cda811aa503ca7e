from confload.loader import ConfigError, load

__all__ = ["ConfigError", "load"]
