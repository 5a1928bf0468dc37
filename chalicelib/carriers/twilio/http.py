"""Twilio's client over botocore's HTTP: one call, our time-outs, our certificates, and the same errors as AWS's."""

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode, urlsplit

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from twilio.http import HttpClient
from twilio.http.response import Response

from chalicelib.carriers.failures import CONNECT, READ


class OnceHttpClient(HttpClient):  # type: ignore[misc]
    """The SDK's own client waits for ever by default; `url` stands for the host that the SDK would call."""

    def __init__(self, url: str, read: float = READ) -> None:
        super().__init__(logger=None, is_async=False, timeout=None)
        self._url = url
        self._session = URLLib3Session(timeout=(CONNECT, read))

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002  the session has its own
        allow_redirects: bool = False,  # noqa: ARG002  none is followed
    ) -> Response:
        """Send one request; BotoCoreError where there is no answer."""
        sent = {**(headers or {})}
        if auth:
            sent["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        request = AWSRequest(method, self._url + urlsplit(url).path, sent, urlencode(data or {}), params)
        answer = self._session.send(request.prepare())
        return Response(answer.status_code, answer.content.decode(errors="replace"))
