"""From which site a browser says that a form was posted.

Our pages send no referrer, so a browser posts them with `Origin: null`; newer ones add `Sec-Fetch-Site`, which no
script can forge (Fetch Metadata, W3C). A program that sends neither holds the link, which is the secret.
"""

from collections.abc import Mapping

ELSEWHERE = "elsewhere"
_OURS = frozenset({"same-origin", "none"})


def posted_from(headers: Mapping[str, str]) -> str:
    """Return the origin to be looked at, `ELSEWHERE`, or "" where there is nothing to say against it.

    Names of headers are in lower case.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return "" if site.strip().lower() in _OURS else ELSEWHERE
    origin = headers.get("origin", "null").strip().lower()
    return "" if origin == "null" else origin
