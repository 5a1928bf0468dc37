"""`tenfour report`: a quarter as a page, a PDF, Markdown or CSV, or as a page of a site that anybody can host."""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tenfour.common.options import AgencyId, Lake, Stack
from tenfour.common.screen import Screen
from tenfour.common.terminal import refuse


class Form(StrEnum):
    """The form of a report."""

    HTML = "html"
    PDF = "pdf"
    MD = "md"
    CSV = "csv"


def report(
    quarter: Annotated[str, typer.Option(help="The quarter, such as 2026Q3.")],
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = Form.HTML,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    public: Annotated[
        bool, typer.Option("--public", help="Write it into a site: a page a quarter, and an index.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="The file, or the site's folder; else named by the quarter.")] = None,
    baseline: Annotated[
        str | None,
        typer.Option(help="Weeks in shadow to compare calls again with: FIRST/LAST, as 2026-01-05/2026-02-15."),
    ] = None,
    lake: Lake = None,
    settings: Annotated[
        Path | None, typer.Option(help="With --lake: the agency's settings, for names and words.")
    ] = None,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Write a quarter's report: what people say, and how surely."""
    from chalicelib.inbound.settings import InvalidSettings
    from chalicelib.insight.figures.quarter import NoQuarter, Quarter
    from tenfour.common.reach import UNREACHABLE
    from tenfour.figures.report import Order, make

    try:
        order = Order(
            quarter=Quarter.named(quarter),
            form=form.value,
            language=language,
            public=public,
            out=out,
            baseline=_period(baseline),
            lake=lake,
            settings=settings,
            stack=stack,
            agency=agency,
            today=datetime.now(UTC).date(),
        )
        for path in make(order):
            Screen().print(str(path), soft_wrap=True)
    except (NoQuarter, InvalidSettings, ValueError, OSError, *UNREACHABLE) as problem:
        refuse(problem)


def _period(text: str | None) -> tuple[date, date] | None:
    if not text:
        return None
    first, _, last = text.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ValueError(f"--baseline: {text!r} is no period such as 2026-01-05/2026-02-15") from None
