"""Trips of our cars."""
