"""The identity service as a deployment over HTTP: the mock in a process of its own."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

from contract_tests.exchanges import Answered, Exchange, ask

API = "/identity/v1"
ADMINISTRATOR = "Bearer mock-admin"


@dataclass(frozen=True)
class Deployment:
    """The deployment at a URL, as one caller sees it; `authorization` is the header's value, None for none."""

    url: str
    authorization: str | None = ADMINISTRATOR

    def send(self, method: str, path: str, body: object = None) -> Answered:
        """The answer, whatever it is. `path` is below the mount."""
        return ask(self.url, Exchange(method, API + path, body, self.authorization))

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The body of a success."""
        answered = self.send(method, path, body)
        assert answered.status in (200, 201), (method, path, answered)
        return answered.body

    def label(self) -> str:
        """A label that no organization has yet, and that tells where it comes from."""
        return f"contract-test-{uuid4().hex[:12]}"

    def as_account(self, credentials: Any) -> Deployment:
        """The deployment as an API account sees it that has just logged in."""
        basic = b64encode(f"{credentials['clientId']}:{credentials['password']}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials"}).encode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        with urlopen(Request(credentials["authenticationUrl"], form, headers), timeout=30) as response:
            token = json.load(response)
        return Deployment(self.url, f"{token['token_type']} {token['access_token']}")

    def mail(self, recipient: str) -> Any:
        """What the mock would have e-mailed to somebody."""
        return ask(self.url, Exchange("GET", f"/_mock/worlds/default/mail?to={recipient}")).body
