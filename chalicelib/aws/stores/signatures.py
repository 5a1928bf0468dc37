"""Signatures of webhooks, each with the address at which it was used: it opens no other."""

from datetime import datetime

from pynamodb.exceptions import PutError

from chalicelib.aws.tables import IncidentItem, condition_failed

_USED = "used"


class SignatureTable:
    """Used signatures in DynamoDB, beside the incidents. No agency's id starts with `!`."""

    def __init__(self, items: type[IncidentItem]) -> None:
        self._items = items

    def use(self, signature: str, address: str, until: datetime) -> bool:
        """Note where a signature is used, by one write; return whether it is the same place as before, if any."""
        item = self._items(f"!signature#{signature}", _USED, document=address, expires=until)
        place = self._items.document
        try:
            item.save(condition=place.does_not_exist() | (place == address))
        except PutError as error:
            if condition_failed(error):
                return False
            raise
        return True
