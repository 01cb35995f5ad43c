"""The words of every text, one file a template and language, and how they are read."""
