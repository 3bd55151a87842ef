"""Credentials: where they come from, and how they are kept out of reports.

A credential is never taken from the command line, because process lists and shell histories show it.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path
from typing import Any

MASK = "••••••"
_SECRET_NAME = re.compile(r"(token|secret|password|authorization|key)$", re.IGNORECASE)
_SHORTEST = 8
"""Characters. A shorter value in a response is an ordinary word; masking it would make the report unreadable."""


class NoCredential(Exception):
    """No credential is available. The message says why."""


def credential(variable: str | None, file: Path | None, url: str) -> str:
    """Returns the credential for a URL, from an environment variable, a file or, at a terminal, a prompt."""
    if variable and variable not in os.environ:
        raise NoCredential(f"there is no environment variable {variable}")
    if variable:
        text = os.environ[variable]
    elif file:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NoCredential(f"{file} can't be read: {error}") from None
    elif sys.__stdin__ is not None and sys.__stdin__.isatty():
        text = getpass.getpass(f"credential for {url}: ")
    else:
        raise NoCredential(f"{url} needs a credential: give --credential-env or --credential-file")
    if not text.strip():
        raise NoCredential("the credential is empty")
    return text.strip()


class Secrets:
    """What no report may show: the credential, and every secret that a response has contained."""

    def __init__(self, credential: str) -> None:
        # The mock's own credentials are public, and a report that names them can be reproduced.
        self._known = set() if credential.startswith("mock-") else {credential}

    def learn(self, body: Any) -> None:
        """Remembers the values of all fields in a JSON body whose names are those of secrets."""
        if isinstance(body, dict):
            for name, value in body.items():
                if isinstance(value, str) and len(value) >= _SHORTEST and _SECRET_NAME.search(name):
                    self._known.add(value)
                else:
                    self.learn(value)
        elif isinstance(body, list):
            for value in body:
                self.learn(value)

    def mask(self, text: str) -> str:
        """Returns the text with every known secret replaced by `MASK`."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text
