"""What a rehearsal has made so far, for its later steps."""

from chalicelib.auth import WebhookKey
from chalicelib.domain.names import NotificationKey
from chalicelib.wiring import Aws, now
from tenfour.common.account import config_of
from tenfour.stack.change import ChangeSet
from tenfour.stack.deploy import Wanted
from tenfour.stack.destroy import Keeper
from tenfour.stack.place import Place


class NotTried(Exception):
    """A step was left out, and why."""


class Bench:
    """A place, what is wanted there, and what there is of it."""

    def __init__(self, place: Place, wanted: Wanted) -> None:
        self.place, self.wanted = place, wanted
        self.template_url = ""
        self.asked_for_stack = False
        self.proposed: ChangeSet | None = None
        self.outputs: dict[str, str] = {}
        self.agency_id: str | None = None
        self.key: WebhookKey | None = None
        self.taken: list[NotificationKey] = []
        self.kept: list[Keeper] = []

    def aws(self) -> Aws:
        """Return the ports of the stack; NotTried."""
        outputs = self.stack()
        return Aws(config_of(outputs, self.place.region, self.place.stack), now, self.place.client)

    def stack(self) -> dict[str, str]:
        """Return the stack's outputs; NotTried where there is none."""
        if not self.outputs:
            raise NotTried("there is no stack to try")
        return self.outputs
