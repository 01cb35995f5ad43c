"""The broker's transport, mended where kombu 5.7 ends a worker that loses its broker with work in hand."""

from typing import Any

from kombu.transport.redis import Channel, QoS, Transport
from redis.exceptions import ConnectionError as BrokerGone


class ClosedChannelSaysSo(Channel):
    """A channel whose connection is closed says that it is gone: an error that a worker outlives, and connects anew.

    Kombu reads the settings of a connection that it has set to None, and the worker ends over the AttributeError.
    """

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None:
            raise BrokerGone("The channel is closed.")
        return super()._connparams(asynchronous)  # type: ignore[misc]


def outlive_the_broker() -> None:
    """Have every connection made from now on use it.

    What a worker had taken and not begun is not put back either: every task is a sweep, and the next one does its work.
    """
    QoS.restore_at_shutdown = False
    Transport.Channel = ClosedChannelSaysSo
