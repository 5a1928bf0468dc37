"""What ends a connection to an EIDO notifier."""

from feed.failed import SourceFailed


class EidoFailed(SourceFailed):
    """Nothing can be heard; the text says why, without anything that the other side wrote."""
