"""`tenfour certify`: find out whether a sender's posts are right, from a recording or live."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from chalicelib.inbound.mapping.file import InvalidMapping, read_mapping
from chalicelib.inbound.mapping.mapper import Mapper
from tenfour.common.options import AsJson
from tenfour.common.terminal import refuse

NOT_RIGHT = 1


def certify(
    recorded: Annotated[
        Path | None, typer.Argument(help="Recorded requests: a folder, or a .http, .har, .jsonl file or a body alone.")
    ] = None,
    listen: Annotated[bool, typer.Option("--listen", help="Take requests on this machine, until Ctrl-C.")] = False,
    mapping: Annotated[Path | None, typer.Option(help="The mapping by which bodies are read.")] = None,
    trouble: Annotated[str, typer.Option(help="Fail on purpose: all, or some of 503, 429, lost, slow; 503@4.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 is any free port.")] = 8010,
    minutes: Annotated[float, typer.Option(min=0.01, max=1440, help="How long to listen at most.")] = 60,
    secret: Annotated[
        str, typer.Option(envvar="TENFOUR_CERTIFY_SECRET", help="The key to sign with, whsec_…; else a new one.")
    ] = "",
    time_zone: Annotated[str, typer.Option(help="The agency's, such as America/Denver: offsets are held to it.")] = "",
    record: Annotated[Path | None, typer.Option(help="Keep the requests, as JSON lines. They hold phones.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the report as one page, to hand to the agency.")] = None,
    sender: Annotated[str, typer.Option(help="The sender's name and version, for the page.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 as well where something was not seen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try what a dispatch system posts, and report on it."""
    from tenfour.certify import run

    if listen == (recorded is not None):
        refuse("give either recorded requests or --listen")
    _check(time_zone, secret)
    try:
        asked = run.Asked(
            mapper=_mapper(mapping),
            mapping=mapping.read_text(encoding="utf-8") if mapping else "",
            secret=secret,
            time_zone=time_zone,
        )
        report = run.recorded(recorded, asked) if recorded else run.live(asked, trouble, port, minutes, record)
        run.tell(report, as_json=as_json, out=out, sender=sender, now=datetime.now(UTC))
    except (ValueError, OSError) as problem:
        refuse(problem)
    raise typer.Exit(0 if (report.complete if strict else report.good) else NOT_RIGHT)


def _check(time_zone: str, secret: str) -> None:
    from chalicelib.auth import WebhookKey

    try:
        _ = ZoneInfo(time_zone) if time_zone else None
    except (ValueError, OSError, LookupError):
        refuse(f"--time-zone: no time zone {time_zone!r}")
    if secret and not WebhookKey(name="given", feed="cad", agencies=(), secret=secret).usable:
        refuse("--secret: expected whsec_ and at least 16 bytes in base64")


def _mapper(mapping: Path | None) -> Mapper | None:
    try:
        return Mapper(read_mapping(mapping.read_text(encoding="utf-8"))) if mapping else None
    except (InvalidMapping, UnicodeDecodeError) as problem:
        refuse(f"{mapping}: {problem}")
    except OSError as problem:
        refuse(problem)
