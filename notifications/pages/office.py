"""Where the network's office is: its clocks show the times that belong to no center."""

OFFICE_ZONE = "America/New_York"
