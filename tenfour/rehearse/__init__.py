"""Rehearsals with a city's calls: replayed on a virtual clock or live, and reported in shadow."""
