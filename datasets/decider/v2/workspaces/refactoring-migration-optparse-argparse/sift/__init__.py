"""Command lines of our file tools."""
