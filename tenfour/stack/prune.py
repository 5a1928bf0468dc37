"""Tell which files of vendored packages no function reads: the zip is made without them."""

import gzip
import json
import re
from collections.abc import Iterable
from typing import Any

SERVICES = frozenset({"athena", "dynamodb", "pinpoint-sms-voice-v2", "s3", "secretsmanager", "sesv2", "sns", "sqs"})
"""The AWS services that a function calls: of botocore's data, these stay."""

ENDPOINTS = frozenset({"athena", "dynamodb", "email", "s3", "secretsmanager", "sms-voice", "sns", "sqs"})
"""The names of these services' addresses, as their descriptions and botocore's list of addresses have them."""

POWERTOOLS = frozenset({"__init__.py", "jmespath_utils", "typing"})
"""Of Powertools' utilities, what its logger imports stays; its routers and parsers are larger than what we wrote."""

TWILIO = (
    *("aiohappyeyeballs", "aiohttp*", "aiosignal", "attr", "attrs", "frozenlist", "jwt", "multidict", "propcache"),
    *("yarl", "twilio/jwt", "twilio/twiml"),
)
"""Parts of Twilio's package that tenfour does not use; of its APIs only the first, `rest/api`, stays."""

NEVER_READ = (
    *TWILIO,
    *("*.dist-info", "*.data", "*/tests", "bin", "**/*.pyi", "**/py.typed", "**/*.so.dSYM"),
    *("botocore/data/*/*/examples-1.json", "dateutil/zoneinfo", "aws_lambda_powertools/event_handler"),
    *("phonenumbers/carrier.py", "phonenumbers/geocoder.py", "phonenumbers/timezone.py"),
    *("phonenumbers/shortdata/region_*", "chalicelib/words/phrases"),
    "charset_normalizer/*.so",  # requests guesses no answer's letters for Twilio: the same modules in Python are there
    *("share", "segno/cli.py", "segno/helpers.py"),
    *("dateutil/rrule.py", "dateutil/easter.py"),  # of calendars that repeat: botocore reads times
    *("urllib3/contrib/emscripten", "urllib3/contrib/pyopenssl.py", "urllib3/contrib/socks.py"),  # asked for, never had
    *("tzdata/zoneinfo/tzdata.zi", "tzdata/zoneinfo/*.tab", "tzdata/zoneinfo/leapseconds"),
)
"""Patterns of files and folders."""


_KEPT = {"botocore/data": SERVICES, "aws_lambda_powertools/utilities": POWERTOOLS, "twilio/rest": frozenset({"api"})}
"""Of these folders' folders, those that stay."""


_TWICE = {"botocore/cacert.pem": "certifi/cacert.pem"}
"""What is not read where another file is there: botocore trusts certifi's certificates rather than its own."""


def read_of(names: Iterable[str]) -> list[str]:
    """Return the files of a zip that any function reads, in their order."""
    read = [name for name in names if is_read(name)]
    there = frozenset(read)
    return [name for name in read if _TWICE.get(name) not in there]


def undocumented(described: bytes) -> bytes:
    """Return a service's description, gzipped JSON, with empty documentation: most of it, and no code reads it.

    The word stays, since botocore asks for it: parameters of a client have no default.
    """
    told = json.dumps(_without_documentation(json.loads(gzip.decompress(described))), separators=(",", ":"))
    return gzip.compress(told.encode(), 9, mtime=0)


def _without_documentation(told: Any) -> Any:
    if isinstance(told, list):
        return [_without_documentation(each) for each in told]
    if not isinstance(told, dict):
        return told
    # A member of that name is no text but a reference to a shape, and stays.
    return {
        name: "" if name == "documentation" and isinstance(each, str) else _without_documentation(each)
        for name, each in told.items()
    }


def narrowed(addresses: bytes) -> bytes:
    """Return botocore's list of addresses, JSON, with those of `ENDPOINTS` alone: it is read before the first call."""
    told = json.loads(addresses)
    for partition in told["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in ENDPOINTS}
    return json.dumps(told, separators=(",", ":")).encode()


def is_read(name: str) -> bool:
    """Tell whether any function reads a file of a package, by its name in the zip."""
    return not _NEVER_READ.match(name) and all(_stays(name, folder, names) for folder, names in _KEPT.items())


def _stays(name: str, folder: str, names: frozenset[str]) -> bool:
    inside, slash, _ = name.removeprefix(f"{folder}/").partition("/")
    return not name.startswith(f"{folder}/") or not slash or inside in names


def _expression(pattern: str) -> str:
    """Return a pattern of files and folders as a regular expression; a folder's stands for all that is in it."""
    return re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*") + "(/|$)"


_NEVER_READ = re.compile("|".join(map(_expression, NEVER_READ)))
