"""Triage's pages for staff."""
