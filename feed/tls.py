"""Whom the feed trusts at the CAD's side, and by which certificate it is known there."""

import os
import ssl
from pathlib import Path

from feed.config import PASSWORD, BadFeed, beside
from feed.eido.settings import Eido
from feed.http.settings import Http


def trusted(path: Path, table: str, told: Http | Eido) -> ssl.SSLContext:
    """Return what a table of a feed's file says of certificates; our key may need the password. BadFeed."""
    try:
        context = ssl.create_default_context(cafile=str(beside(path, told.authority)) if told.authority else None)
    except OSError as problem:
        raise BadFeed(f"{table}.authority: {_why(problem)}") from problem
    if told.certificate:
        files = beside(path, told.certificate), beside(path, told.certificate_key or told.certificate)
        try:
            context.load_cert_chain(*files, password=os.environ.get(PASSWORD, ""))
        except OSError as problem:
            raise BadFeed(f"{table}.certificate: {_why(problem)}") from problem
    return context


def _why(problem: OSError) -> str:
    reason = problem.reason if isinstance(problem, ssl.SSLError) else problem.strerror
    return str(reason or type(problem).__name__)
