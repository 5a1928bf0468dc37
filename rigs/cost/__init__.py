"""The cost of tenfour at AWS, from calls that were made and units that were counted."""
