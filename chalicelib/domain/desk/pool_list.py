"""Lists that a Cognito pool hands on as one text: what another provider said, in an attribute of the pool's own.

A pool keeps no lists. It joins the values with commas and writes letters that are none of the alphabet as forms do
(docs.aws.amazon.com, "Mapping IdP attributes to profiles and tokens"); some versions put brackets around them.
"""

from typing import Any
from urllib.parse import unquote_plus

_OWN = "custom:"


def listed(claim: str, said: Any) -> Any:
    """Return the values of a pool's own attribute as a list; any other claim as it is."""
    if not claim.startswith(_OWN) or not isinstance(said, str):
        return said
    parts = (part.strip().strip('"') for part in said.strip().removeprefix("[").removesuffix("]").split(","))
    return [unquote_plus(part) for part in parts if part]
