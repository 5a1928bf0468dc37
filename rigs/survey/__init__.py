"""`tenfour survey-rehearse`: many people answer a running local city at once."""
