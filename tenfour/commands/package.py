"""`tenfour package` as it is typed."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from tenfour.common.errors import CityFailed
from tenfour.common.screen import say
from tenfour.common.terminal import refuse

Architecture = Literal["arm64", "x86_64"]


def package(
    out: Annotated[Path | None, typer.Option(help="Also copy the package into this folder.")] = None,
    architecture: Annotated[Architecture, typer.Option(help="The processors that functions run on.")] = "arm64",
    twilio: Annotated[bool, typer.Option("--twilio", help="With what is needed to send by Twilio.")] = False,
) -> None:
    """Package the stack as a template and a zip.

    A list of what is in the zip lies beside it. The bytes are the same, whenever and wherever it is done.
    """
    import shutil

    from tenfour.stack.package import Build, sizes
    from tenfour.stack.package import package as make

    try:
        packaged = make(Build(architecture, twilio))
        if out:
            out.mkdir(parents=True, exist_ok=True)
            for path in (packaged.template, packaged.code, packaged.sbom):
                shutil.copy(path, out)
    except (CityFailed, OSError) as problem:
        refuse(problem)
    size = sizes(packaged)
    told = (f"{name} {stored / 1e6:.1f}" for name, stored in size.parts[:6])
    written = ((out or path.parent) / path.name for path in (packaged.template, packaged.code, packaged.sbom))
    say("\n".join(map(str, written)))
    say(f"{architecture}: {size.zipped / 1e6:.1f} MB, {size.unpacked / 1e6:.1f} MB unpacked: {', '.join(told)}")
