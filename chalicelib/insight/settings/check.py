"""`tenfour settings check`: everything that is wrong with a file, and what people may not have meant."""

from collections.abc import Sequence
from pathlib import Path as File
from typing import Any

from msgspec import Struct, to_builtins

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.files import Broken, Layer, read
from chalicelib.insight.settings.finding import Found, Severity
from chalicelib.insight.settings.lint import lint
from chalicelib.insight.settings.shape import convert


class Checked(Struct, frozen=True, kw_only=True):
    """The result of a check; `agency` is None if the file can't be read as settings."""

    file: File
    agency: Agency | None
    found: Sequence[Found]
    failures: Sequence[str] = ()

    @property
    def errors(self) -> int:
        """Return how much keeps the settings from being used; a scenario that goes otherwise does too."""
        return len(self.of("error")) + len(self.failures)

    @property
    def warnings(self) -> int:
        """Return how much people should have seen."""
        return len(self.of("warning"))

    def of(self, severity: Severity) -> list[Found]:
        """Return the findings of a severity."""
        return [found for found in self.found if found.severity == severity]

    def __str__(self) -> str:
        """Write each finding in a line, its hint in another, and how many there are."""
        told = [f"{found}\n    {found.hint}" if found.hint else str(found) for found in self.found]
        verdict = _count(self.errors, "error") if self.errors else "fine"
        return "\n".join([*told, *self.failures, f"{self.file}: {verdict}, {_count(self.warnings, 'warning')}"])

    def for_programs(self) -> dict[str, Any]:
        """Return the check as JSON has it."""
        return {
            "file": str(self.file),
            "errors": self.errors,
            "warnings": self.warnings,
            "findings": [to_builtins(found, enc_hook=str) for found in self.found],
            "scenarios": list(self.failures),
        }


def check(file: File, scenarios: File | None = None) -> Checked:
    """Return what is to be said of a settings file, in the order of its lines; OSError.

    `scenarios` is a folder of made-up calls; they are tried where the settings have no errors.
    """
    try:
        layer = read(file)
    except Broken as problem:
        return Checked(file=file, agency=None, found=(problem.found,))
    checked = checked_layer(layer)
    agency = checked.agency
    if scenarios is None or agency is None or checked.errors:
        return checked
    return Checked(file=file, agency=agency, found=checked.found, failures=_try(scenarios, agency))


def checked_layer(layer: Layer) -> Checked:
    """Return what is to be said of settings that were read, in the order of their lines."""
    agency, findings = convert(layer.data)
    if agency is not None:
        findings = lint(agency, layer.data)
    placed = dict.fromkeys(map(layer.place, findings))
    found = sorted(placed, key=lambda one: (one.file != layer.file, one.file, one.line))
    return Checked(file=layer.file, agency=agency, found=found)


def _try(folder: File, agency: Agency) -> tuple[str, ...]:
    from chalicelib.insight.scenarios import run_folder

    told = ((failure.file, "error", failure.name, failure.message) for failure in run_folder(folder, agency))
    return tuple(": ".join(filter(None, parts)) for parts in told)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
