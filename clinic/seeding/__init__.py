"""The network that a new installation starts with, and the reading of an operator's own."""
