"""The process of one run: commands come in on one pipe, messages go out on the other.

Started as `python -m live.worker.__main__`. It ends when its input does, so that it never outlives the server.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")       # before NumPy loads: runs share the machine's cores
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import contextlib
import json
import queue
import sys
import threading
from collections import deque

from live.protocol import read_message, write_message
from live.worker.commands import handle, only_looks
from live.worker.run import Run


def main() -> None:
    """Serve one run until the input pipe ends."""
    commands, messages = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr                               # a stray print must not end up among the messages
    sys.setswitchinterval(0.0005)                         # a command must not wait for a burst of training
    inbox: queue.SimpleQueue = queue.SimpleQueue()
    threading.Thread(target=listen, args=(commands, inbox), daemon=True).start()
    serve(Run(), inbox, messages)


def listen(pipe, inbox: queue.SimpleQueue) -> None:
    """Move commands from the pipe to the inbox; None says that the pipe has ended."""
    while (message := read_message(pipe)) is not None:
        inbox.put(json.loads(message))
    inbox.put(None)


def serve(run: Run, inbox: queue.SimpleQueue, messages) -> None:
    """Handle commands, train, send: until the inbox says None."""
    put_off: deque = deque()

    def glance() -> None:
        """Between two stretches of training, or of an evaluation: look, answer and draw. What changes the run waits, in
        its order."""
        with contextlib.suppress(queue.Empty):
            while not put_off:
                command = inbox.get_nowait()
                if only_looks(command):
                    handle(run, command)
                else:
                    put_off.append(command)
        run.work()
        message = run.message()
        if message is not None:
            write_message(messages, message)

    run.glance = glance
    while True:
        try:
            command = put_off.popleft() if put_off else inbox.get(run.wait() != 0, run.wait())
            while command is not None:
                handle(run, command)
                command = put_off.popleft() if put_off else inbox.get_nowait()
            return
        except queue.Empty:
            pass
        if not run.urgent:
            run.advance(interrupted=lambda: not inbox.empty())
        glance()


if __name__ == "__main__":
    main()
