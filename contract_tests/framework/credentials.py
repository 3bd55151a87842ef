"""Credentials: where they come from, and how they are kept out of whatever is reported.

They are never taken from the command line, which process lists and shells' histories show.
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
"""Characters. Something shorter that an answer gives is a word, and masking it would blot out the report."""


class NoCredential(Exception):
    """No credential can be had; the message says why."""


def credential(variable: str | None, file: Path | None, wanted_by: str) -> str:
    """The credential out of a variable, a file or, where somebody sits there, a prompt."""
    if variable and variable not in os.environ:
        raise NoCredential(f"there is no environment variable {variable}")
    if variable:
        found = os.environ[variable]
    elif file:
        try:
            found = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NoCredential(f"{file} can't be read: {error}") from None
    elif sys.__stdin__ is not None and sys.__stdin__.isatty():
        found = getpass.getpass(f"credential for {wanted_by}: ")
    else:
        raise NoCredential(f"{wanted_by} wants a credential: name a variable (--credential-env) or a file")
    if not found.strip():
        raise NoCredential("the credential is empty")
    return found.strip()


class Secrets:
    """What must not be reported: the credential, and every secret that an answer told."""

    def __init__(self, credential: str) -> None:
        # The mock's own credentials are no secrets, and a report that names them can be followed.
        self._known = set() if credential.startswith("mock-") else {credential}

    def learn(self, body: Any) -> None:
        """Takes down what the fields of an answer that are named like secrets hold."""
        if isinstance(body, dict):
            for name, value in body.items():
                if isinstance(value, str) and len(value) >= _SHORTEST and _SECRET_NAME.search(name):
                    self._known.add(value)
                else:
                    self.learn(value)
        elif isinstance(body, list):
            for value in body:
                self.learn(value)

    def masked(self, text: str) -> str:
        """The text without secrets."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text
