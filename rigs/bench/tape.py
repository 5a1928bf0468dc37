"""AWS's answers, recorded once and played back: the clients do all of their work, and nothing waits for a network."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.awsrequest import AWSResponse
from msgspec import Struct


class Call(Struct):
    """One call: who made it, with what, and what came back."""

    client: Any
    operation: str
    params: dict[str, Any]
    url: str = ""
    status: int = 0
    headers: Any = None
    content: bytes = b""


class Tape:
    """Stands between clients and the network: records, or answers as before in the same order.

    `plain` makes a service's client as boto3 makes it unasked.
    """

    def __init__(self, plain: Callable[[str], Any]) -> None:
        self.calls: list[Call] = []
        self._plain: dict[str, Any] = {}
        self._make_plain = plain
        self._place, self._playing = 0, False

    def attach(self, client: Any) -> Any:
        """Return a client whose calls go through the tape."""
        session = client._endpoint.http_session  # noqa: SLF001  botocore has no other door for it
        client._endpoint.http_session = _Session(self, session)  # noqa: SLF001
        client.meta.events.register("provide-client-params.*.*", self._noting(client))
        return client

    def record(self, act: Callable[[], Any]) -> Any:
        """Do something, and keep its calls."""
        self.calls, self._playing = [], False
        return act()

    def play(self, act: Callable[[], Any]) -> Any:
        """Do it again; its calls get the answers that they got before."""
        self._place, self._playing = 0, True
        try:
            return act()
        finally:
            self._playing = False

    def bare(self) -> None:
        """Make the recorded calls as a program does that has boto3's clients and nothing around them."""
        self.play(lambda: [self._plain_call(call) for call in self.calls])

    def bare_on_ours(self) -> None:
        """Make the recorded calls through the clients that made them, with nothing around them."""
        self.play(lambda: [call.client._make_api_call(call.operation, call.params) for call in self.calls])  # noqa: SLF001

    def counted(self) -> Counter[str]:
        """Return how often each operation was called."""
        return Counter(call.operation for call in self.calls)

    def send(self, request: Any, session: Any) -> AWSResponse:
        """Answer one request."""
        if not self._playing:
            answer = session.send(request)
            call = self.calls[-1]
            call.url, call.status, call.headers, call.content = (
                *(answer.url, answer.status_code, answer.headers),
                answer.content,
            )
            return answer
        call = self.calls[self._place]
        self._place += 1
        played = AWSResponse(call.url, call.status, call.headers, None)
        played._content = call.content  # noqa: SLF001
        return played

    def _plain_call(self, call: Call) -> Any:
        service = call.client.meta.service_model.service_name
        if service not in self._plain:
            self._plain[service] = self.attach(self._make_plain(service))
        return getattr(self._plain[service], xform_name(call.operation))(**call.params)

    def _noting(self, client: Any) -> Callable[..., None]:
        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            if not self._playing:
                self.calls.append(Call(client, model.name, dict(params)))

        return note


class _Session:
    def __init__(self, tape: Tape, session: Any) -> None:
        self._tape, self._session = tape, session

    def send(self, request: Any) -> Any:
        return self._tape.send(request, self._session)
