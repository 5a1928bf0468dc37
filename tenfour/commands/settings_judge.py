"""`tenfour settings judge`: two people judge the words that dispatch uses, and the list of them is written."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse


def judge(
    file: Annotated[Path, typer.Argument(help="The agency's settings, TOML; the judgements are written beside it.")],
    by: Annotated[list[str] | None, typer.Option("--by", help="A judge's name; say it twice, for two people.")] = None,
    extract: Annotated[Path | None, typer.Option("--from", help="A city's extract, CSV; with --columns.")] = None,
    columns: Annotated[Path | None, typer.Option(help="The map of the extract's columns, TOML.")] = None,
    codes: Annotated[Path | None, typer.Option(help="The agency's own code list, CSV: code, meaning.")] = None,
    answers: Annotated[Path | None, typer.Option(help="Take the verdicts of this file, CSV; - is the input.")] = None,
    worksheet: Annotated[Path | None, typer.Option(help="Write what waits as a spreadsheet to fill in, CSV.")] = None,
    endings: Annotated[bool, typer.Option("--dispositions", help="Judge dispositions too.")] = False,
    desk: Annotated[bool, typer.Option("--desk", help="Judge what the desk lists, with its drafts.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """Judge the words that dispatch uses, most frequent first: two people, once.

    The words come from an extract, from a code list, from what a stack has heard, or from the desk's own list. Without
    --answers it asks on the terminal.
    """
    from chalicelib.inbound.judgements import InvalidJudgements
    from chalicelib.insight.settings.calls import NoVersion
    from tenfour.settings import judging

    if bool(extract) != bool(columns):
        refuse("--from and --columns go together: a file, and the map of its columns")
    if desk and (extract or codes):
        refuse("--desk: the desk has a list of its own; leave out --from and --codes")
    try:
        bench = judging.open_bench(file, tuple(by or ()))
        source = judging.Source(
            extract=extract,
            columns=columns,
            codes=codes,
            stack=stack,
            agency=agency,
            given=answers is not None,
            desk=desk,
        )
        work = judging.waiting(bench, source, endings, Screen(errors=as_json))
        if as_json:
            say_json(judging.for_programs(work))
        elif worksheet:
            judging.write_sheet(worksheet, work, Screen())
        elif answers:
            content = sys.stdin.buffer.read() if str(answers) == "-" else answers.read_bytes()
            judging.take(bench, judging.answered(content, bench, answers.name), work, Screen())
        else:
            judging.take_at_once(bench, judging.asked(bench, work, Screen()), work, Screen())
    except (OSError, ValueError, InvalidJudgements, NoVersion) as problem:
        refuse(problem)
