"""Text is text: whatever reaches a terminal, a spreadsheet or a page goes by the one way that makes it harmless."""

import ast
import re

import pytest

from tenfour.common.paths import ROOT

TOPS = ("chalicelib", "tenfour", "feed", "rigs")
TYPED = ("tenfour", "feed")
SCREEN = "tenfour/common/screen.py"
DRAWING = "tenfour/common/drawing.py"
GUARDED = ("as_cell", "guarded")


def sources(*tops):
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text()) for top in tops for path in (ROOT / top).rglob("*.py")
    ]


def calls(source):
    return [ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("name", ["print", "typer.echo", "typer.secho", "sys.stdout.write", "sys.stderr.write"])
def test_commands_say_all_that_they_say_by_the_screen(name):
    """`typer.confirm` asks fixed questions; a rig is ours alone."""
    assert [path for path, source in sources(*TYPED) if path != SCREEN and name in calls(source)] == []


def test_there_is_one_console_and_it_takes_no_markup():
    for path, source in sources("tenfour", "feed", "rigs"):
        if path != SCREEN:
            assert "rich.console import Console" not in source, path
            assert "rich.markup" not in source, path
            assert "from_markup" not in source, path
            assert not {"rich.print", "Console"} & set(calls(source)), path


def test_every_file_for_spreadsheets_is_written_of_guarded_cells():
    for path, source in sources(*TOPS):
        writers = re.findall(r"csv\.(?:Dict)?[Ww]riter\(", source)
        assert not writers or any(name in source for name in GUARDED) or path.startswith("rigs/"), path


def test_every_template_of_a_page_is_filled_with_what_is_harmless_and_escaped():
    for path, source in sources("chalicelib", "tenfour"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Environment"):
                told = {word.arg: ast.unparse(word.value) for word in node.keywords}
                ours = path in {"tenfour/stack/openapi_files.py", "chalicelib/domain/template.py"}
                assert ours or (told.get("autoescape"), told.get("finalize")) == ("True", "as_filled"), path


def test_pictures_know_no_formulas():
    for path, source in sources(*TOPS):
        assert path == DRAWING or not re.search(r"^import matplotlib", source, re.MULTILINE), path
    assert 'rcParams["text.parse_math"] = False' in (ROOT / DRAWING).read_text()
