"""End User Messaging's opt-out lists: who said STOP to the provider rather than to us."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_TARGET = "PinpointSMSVoiceV2."
_PAGE = 2
"""Numbers a page: few, so that whoever reads one page only is found out."""

_ACTIONS = frozenset({"DescribeOptedOutNumbers", "PutOptedOutNumber", "DeleteOptedOutNumber"})


class OptOutLists:
    """The lists by their names, each number with the instant since when; any name is a list."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, float]] = {}

    def has(self, number: str) -> bool:
        """Tell whether a number is on a list: then nothing is sent to it."""
        return any(number in listed for listed in self._lists.values())

    async def serve(self, request: Request) -> Response | None:
        """Answer an action about a list, or None where the request is about something else."""
        action = request.headers.get("x-amz-target", "").removeprefix(_TARGET)
        if action not in _ACTIONS:
            return None
        asked = await request.json()
        name = asked["OptOutListName"]
        listed = self._lists.setdefault(name, {})
        if action == "DescribeOptedOutNumbers":
            return JSONResponse(_page(name, listed, int(asked.get("NextToken", "0"))))
        number = asked["OptedOutNumber"]
        if action == "PutOptedOutNumber":
            listed.setdefault(number, time.time())
        elif listed.pop(number, None) is None:
            kind = "ResourceNotFoundException"
            return JSONResponse({"__type": kind}, status_code=400, headers={"x-amzn-errortype": kind})
        return JSONResponse({"OptOutListName": name, "OptedOutNumber": number, "EndUserOptedOut": False})


def _page(name: str, listed: dict[str, float], start: int) -> dict[str, Any]:
    numbers = [
        {"OptedOutNumber": number, "OptedOutTimestamp": at, "EndUserOptedOut": False}
        for number, at in sorted(listed.items())
    ]
    more = {"NextToken": str(start + _PAGE)} if start + _PAGE < len(numbers) else {}
    return {"OptOutListName": name, "OptedOutNumbers": numbers[start : start + _PAGE], **more}
