"""Rigs are commands by their entry points: typed as before, absent from the help, and absent where they are not."""

import re
import subprocess
import sys
import tomllib

import pytest
from typer.testing import CliRunner

from tenfour import rigs
from tenfour.common.paths import ROOT
from tenfour.main import cli

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["tenfour.rigs"]
LOOK = "import sys, tenfour.main; print(*(name for name in sys.modules if name.split('.')[0] == 'rigs'))"


def typed(*arguments):
    return CliRunner().invoke(cli, arguments, env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})


def test_the_installation_knows_each_rig_that_is_declared():
    """Where this fails, the package was installed before a rig was added: `make setup`."""
    assert {name: point.value for name, point in rigs.rigs().items()} == DECLARED


@pytest.mark.parametrize("name", DECLARED)
def test_a_rig_answers_to_its_name(name):
    answered = typed(name, "--help")

    assert answered.exit_code == 0
    assert f"Usage: root {name} [OPTIONS]" in answered.output


def test_every_command_file_of_the_rigs_is_declared():
    files = {str(path.relative_to(ROOT).with_suffix("")) for path in (ROOT / "rigs").glob("*/command.py")}

    assert {value.split(":")[0].replace(".", "/") for value in DECLARED.values()} == files - {"rigs/mutate/command"}


@pytest.mark.parametrize("name", DECLARED)
def test_a_rig_has_a_make_target(name):
    assert re.search(rf"^{name}: .*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_help_lists_no_rig():
    assert not set(DECLARED) & set(re.findall(r"^│ ([a-z-]+)", typed("--help").output, re.MULTILINE))


def test_starting_the_command_imports_no_rig():
    seen = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=True)

    assert seen.stdout == "\n"


def test_an_installation_without_rigs_has_no_such_command():
    program = "import sys; sys.modules['rigs'] = None; from tenfour.main import main; main()"
    command = [sys.executable, "-c", program, "local", "--state", "nowhere"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", "No such command 'local'.\n")
