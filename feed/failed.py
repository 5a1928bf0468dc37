"""How a source says that it could not be read."""


class SourceFailed(Exception):
    """The source could not be read; the text says why, without a value. It asks to be left alone for `wait` seconds."""

    wait: float = 0.0
