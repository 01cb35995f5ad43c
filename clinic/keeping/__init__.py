"""Keeping and leaving: backups of all records and the way back, by one command each."""
