"""The APIs the simulated endpoint speaks: each translates into and out of the one conversation."""
