"""The check of a text that somebody edits at the desk: what `tenfour settings check` says of the same file."""

from pathlib import Path as File

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.source import MOST_TEXT, unseen_line
from chalicelib.insight.settings.check import Checked, checked_layer
from chalicelib.insight.settings.files import Broken, Layer, read_text
from chalicelib.insight.settings.finding import Finding, Found, error
from chalicelib.insight.settings.leave_out import LEAVE_OUT
from chalicelib.insight.settings.written import with_judgements

FILE = File("settings.toml")
"""The name of a text that is in no file."""

WHOLE = "paste the whole settings: `tenfour settings check` reads what a file extends, the desk has this text alone"


def check_text(text: str, present: Agency) -> Checked:
    """Return what is to be said of a text that would take the place of settings in force, whose judgements it keeps."""
    if len(text.encode()) > MOST_TEXT:
        return _refused(1, f"too long: at most {MOST_TEXT // 1024} KB", "take out what is as usual")
    unseen = unseen_line(text)
    if unseen:
        return _refused(unseen, "a character that nobody sees", "take it out, or write its number: \\u00AD")
    try:
        layer = read_text(FILE, text)
    except Broken as problem:
        return Checked(file=FILE, agency=None, found=(problem.found,))
    wrong = [layer.place(one) for one in _of_other_files(layer, present)]
    if wrong:
        return Checked(file=FILE, agency=None, found=wrong)
    return checked_layer(Layer(layer.file, with_judgements(layer.data, present.judgements), layer.spots))


def _of_other_files(layer: Layer, present: Agency) -> list[Finding]:
    """Return what a file may say and a text at this agency's desk may not."""
    found = [
        error((name,), "the desk knows no other file", WHOLE) for name in ("extends", LEAVE_OUT) if name in layer.data
    ]
    if layer.data.get("agency_id", present.agency_id) != present.agency_id:
        hint = f'write agency_id = "{present.agency_id}"'
        found.append(error(("agency_id",), "these are the settings of another agency", hint))
    return found


def _refused(line: int, message: str, hint: str) -> Checked:
    found = Found(file=FILE, line=line, field="", severity="error", message=message, hint=hint)
    return Checked(file=FILE, agency=None, found=(found,))
