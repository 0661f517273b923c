"""JSON objects, one a line, over a socket."""

import json
import socket
from typing import Any


class Wire:
    """One end of a connection between a session and the process of a page.

    Args:
        connection: A connected stream socket.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._rest = b""

    def send(self, message: dict[str, Any]) -> None:
        """Sends one object."""
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self, timeout: float | None = None) -> dict[str, Any] | None:
        """Waits for the next object.

        Args:
            timeout: Seconds; None waits for ever.

        Returns:
            The object, or None when the other side has closed.

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
        message: dict[str, Any] = json.loads(line)
        return message
