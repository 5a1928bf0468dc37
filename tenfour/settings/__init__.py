"""Settings compared and previewed on a terminal."""
