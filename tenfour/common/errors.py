"""Errors that end a command."""


class CityFailed(Exception):
    """Something that a city is made of did not come up; the text says what, and where to look."""
