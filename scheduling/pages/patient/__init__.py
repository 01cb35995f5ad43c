"""The patient's pages: phone first, plain forms, nothing of health in a URL."""
