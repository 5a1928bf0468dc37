"""`tenfour bench`: what our own code costs beside what nobody could do without, each pair in turn, as one table."""
