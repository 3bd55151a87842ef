"""The identity service of a deployment, as one caller sees it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from ..framework.deployment import Deployment

MOUNT = "/identity/v1"


@dataclass(frozen=True)
class Api:
    """`credential` is the caller's token: "" the administrator's, None none."""

    deployment: Deployment
    credential: str | None = ""

    def send(self, method: str, path: str, body: object = None) -> httpx.Response:
        """The answer, whatever it is. `path` is below the mount."""
        return self.deployment.send(method, MOUNT + path, body, credential=self.credential)

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The body of a success."""
        response = self.send(method, path, body)
        assert response.status_code in (200, 201), (method, path, response.status_code, response.text)
        return response.json()

    def label(self) -> str:
        """A label that no organization has yet, and that tells where it comes from."""
        return f"contract-test-{uuid4().hex[:12]}"

    def log_in(self, made: Mapping[str, Any]) -> Api:
        """The service as a new API account sees it that has just logged in with the credentials it was given."""
        basic = b64encode(f"{made['clientId']}:{made['password']}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials"}).encode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        path = made["authenticationUrl"].removeprefix(self.deployment.url)
        response = self.deployment.send("POST", path, headers=headers, content=form)
        assert response.status_code == 200, response.text
        return Api(self.deployment, response.json()["access_token"])

    def mailed_key(self, recipient: str) -> str:
        """The key of the invitation that the mock would have e-mailed to somebody."""
        collections, _ = self.deployment.only_mock("only a mock shows its mail").state()
        (mail,) = (mail for mail in collections["mail"].values() if mail["to"] == recipient)
        return str(mail["facts"]["key"])
