"""A `mockserver serve` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

COMMAND = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--access-log", "off"]


@dataclass
class Served:
    """A server that is ready: its URL, and what it printed until then."""

    process: subprocess.Popen[str]
    url: str = ""
    printed: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return self.url.partition("://")[2]


@contextmanager
def serving(*options: str) -> Iterator[Served]:
    """Starts a server, and stops it at the end if it still runs."""
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        served = Served(process)
        for line in process.stdout:
            served.printed.append(line)
            if line.startswith("ready "):
                served.url = line.split()[1]
                break
        try:
            yield served
        finally:
            if process.poll() is None:
                process.terminate()


def refused(*options: str) -> str:
    """What a server says that does not start; it must say so by exit status 2."""
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr
