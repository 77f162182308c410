"""Ctrl-C: stop after the statement; then have the database end it; then leave at once.

SIGTERM, which systemd and Kubernetes send some seconds before they kill, counts as the first press.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = "Stopping after this statement; Ctrl-C again cancels it."
CANCELLING = "Cancelling this statement; Ctrl-C again leaves without waiting for the database."

SIGNALS = (signal.SIGINT, signal.SIGTERM)
AGAIN = 1.0  # seconds between two tries to cancel


class Interruption:
    """Counts how often Ctrl-C was pressed, and does what that means.

    Python calls its handlers of signals between two steps of its own, which is too late while a
    driver waits for a statement. So the presses are heard by a thread.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._presses = 0
        self._cancel: Callable[[], None] | None = None
        self._over = threading.Event()

    @property
    def is_cancelling(self) -> bool:
        """Whether the running statement was to be ended."""
        return self._presses > 1

    def stop(self) -> None:
        """Raise `Stopped` if that was asked for."""
        if self._presses:
            from ...errors.stopping import Stopped

            raise Stopped

    def cancellable(self, cancel: Callable[[], None]) -> None:
        """Take what ends a running statement."""
        self._cancel = cancel

    @contextmanager
    def listening(self) -> Iterator[None]:
        """A block in which Ctrl-C and SIGTERM are heard here."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        hearing, speaking = socket.socketpair()
        speaking.setblocking(False)
        ear = threading.Thread(target=self._hear, args=[hearing], daemon=True)
        before = {each: signal.signal(each, lambda number, frame: None) for each in SIGNALS}
        wakeup = signal.set_wakeup_fd(speaking.fileno(), warn_on_full_buffer=False)
        ear.start()
        try:
            yield
        finally:
            self._over.set()
            signal.set_wakeup_fd(wakeup)
            for each, handler in before.items():
                # None stands for one that is not Python's, which Python cannot give back.
                signal.signal(each, signal.SIG_DFL if handler is None else handler)
            speaking.close()
            ear.join()

    def _hear(self, hearing: socket.socket) -> None:
        with hearing:
            while heard := hearing.recv(1):
                if heard[0] == signal.SIGINT or (heard[0] == signal.SIGTERM and not self._presses):
                    self._pressed()

    def _pressed(self) -> None:
        self._presses += 1
        if self._presses == 1:
            self._say(STOPPING)
        elif self._presses == 2:
            self._say(CANCELLING)
            # Beside this thread, which has to hear whether somebody will not wait for it.
            threading.Thread(target=self._end_statement, daemon=True).start()
        else:
            os._exit(130)

    def _end_statement(self) -> None:
        # It may have been about to begin when it was first ended; no other begins after it.
        while self._cancel is not None:
            try:
                self._cancel()
            except Exception as error:
                self._say(f"The statement could not be cancelled: {error}")
            if self._over.wait(AGAIN):
                return
