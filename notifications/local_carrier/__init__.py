"""A carrier of documents for one machine: it takes them under their keys, fails and delays as it is told to, and
reports on them by signed requests. Nothing leaves the machine."""
