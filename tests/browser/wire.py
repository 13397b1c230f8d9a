"""A wire between a browser and a server that can be cut."""

import socket
import threading
from contextlib import suppress


class Wire:
    """Listens on a port of its own and passes everything on, unless it is cut."""

    def __init__(self, port):
        self._to = port
        self._ends: set[socket.socket] = set()
        self._whole = True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self):
        """End every connection and refuse new ones."""
        self._whole = False
        for end in list(self._ends):
            self._close(end)

    def mend(self):
        self._whole = True

    def close(self):
        self.cut()
        self._close(self._door)

    def _answer(self):
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if not self._whole:
                self._close(near)
                continue
            far = socket.create_connection(("127.0.0.1", self._to))
            self._ends |= {near, far}
            for item, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(item, other), daemon=True).start()

    def _pass_on(self, first, other):
        with suppress(OSError):
            while data := first.recv(65536):
                other.sendall(data)
        self._close(first)
        self._close(other)

    def _close(self, end):
        self._ends.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
