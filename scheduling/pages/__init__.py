"""Doors of this app."""
