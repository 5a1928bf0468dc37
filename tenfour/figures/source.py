"""Where a query runs: on Athena, or on this machine over files with the same SQL."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.athena import Athena
from chalicelib.insight.figures.source import LakeSource
from tenfour.common.account import account_client, account_outputs, this_stack
from tenfour.common.errors import CityFailed
from tenfour.common.reach import reach, read_stack, which_agency
from tenfour.figures.local import LocalLake, download


@contextmanager
def opened(folder: Path | None, stack: Path | None) -> Iterator[LakeSource]:
    """Open the lake of a folder, of a running city by its `stack.json`, or of this AWS account; one of UNREACHABLE."""
    if folder:
        if not folder.is_dir():
            raise CityFailed(f"--lake {folder}: that is no folder")
        yield LocalLake(folder)
    elif stack:
        with tempfile.TemporaryDirectory() as copy:
            download(read_stack(stack), Path(copy))
            yield LocalLake(Path(copy))
    else:
        yield Athena(account_client("athena"), this_stack(), account_outputs()[0]["LakeDatabase"])


def agency_of(stack: Path | None, asked: str | None) -> Agency:
    """Return the published settings of the agency that is asked about; one of UNREACHABLE."""
    return which_agency(reach(stack), stack, asked)
