"""The waitlist: joining it, one offer at a time, its answer, making room, and all the ways forward of an episode."""
