"""Hooks for gateways that ask the shim; each needs its gateway installed and is imported on its own."""
