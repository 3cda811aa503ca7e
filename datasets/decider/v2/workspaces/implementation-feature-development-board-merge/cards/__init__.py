"""Boards that are edited offline."""
