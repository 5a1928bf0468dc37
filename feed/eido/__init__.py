"""EIDO over a WebSocket (NENA-STA-024.1), with the feed as the subscriber.

The feed connects, subscribes, stores each notification, and only then answers it. It renews the subscription before it
expires. The other side sends all active incidents to whoever subscribes anew. So whatever may have cost a
notification ends the connection: the feed connects and subscribes again, and counts as silent until it has read that
full state.
"""
