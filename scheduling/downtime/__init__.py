"""For when the system is down: a sheet of each center that is on paper by then."""
