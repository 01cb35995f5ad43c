"""What an automated call says to a patient: one file a part and language."""
