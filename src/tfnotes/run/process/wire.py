"""Messages over a socket: JSON, one a line."""

import json
import socket

from tfnotes.run.process.messages import Message, from_json, to_json


class Wire:
    """One end of a connection between a session and the process of a page.

    Args:
        connection: A connected stream socket.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._rest = b""

    def send(self, message: Message) -> None:
        """Sends one message."""
        self.socket.sendall(json.dumps(to_json(message)).encode() + b"\n")

    def receive(self, timeout: float | None = None) -> Message | None:
        """Waits for the next message.

        Args:
            timeout: Seconds; None waits for ever.

        Returns:
            The message, or None when the other side has closed.

        Raises:
            TimeoutError: Nothing complete came in time; what came is kept for the next call.
        """
        self.socket.settimeout(timeout)
        while b"\n" not in self._rest:
            chunk = self.socket.recv(1 << 16)
            if not chunk:
                return None
            self._rest += chunk
        line, self._rest = self._rest.split(b"\n", 1)
        return from_json(json.loads(line))
