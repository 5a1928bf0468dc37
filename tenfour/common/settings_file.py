"""A settings file that a command is given."""

from pathlib import Path

from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.settings import InvalidSettings
from tenfour.common.terminal import refuse


def settings_in(file: Path) -> Agency:
    """Return the settings in a file, or refuse."""
    from chalicelib.insight.settings.files import load_settings

    try:
        return load_settings(file)
    except (OSError, InvalidSettings) as problem:
        refuse(problem)
