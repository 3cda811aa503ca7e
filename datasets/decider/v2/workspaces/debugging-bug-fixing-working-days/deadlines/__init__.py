"""Deadlines of the permit office."""
