"""NetFoundry's identity API, as one caller uses it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from ..framework.session import Session

MOUNT = "/identity/v1"


@dataclass(frozen=True)
class IdentityApi:
    """The API in one session. `credential` is the caller's token, "" for the administrator's, or None for no token."""

    session: Session
    credential: str | None = ""

    def send(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Sends a request to a path below the mount and returns the response, whatever its status is."""
        return self.session.send(method, MOUNT + path, body, credential=self.credential)

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Sends a request that should succeed and returns the body of the response."""
        response = self.send(method, path, body)
        assert response.status_code in (200, 201), (method, path, response.status_code, response.text)
        return response.json()

    def label(self) -> str:
        """Returns a label that no organization has yet, and that people recognise as the suite's."""
        return f"contract-test-{uuid4().hex[:12]}"

    def log_in(self, account: Mapping[str, Any]) -> IdentityApi:
        """Logs in with the credentials of a new API account. Returns the API as that account uses it."""
        basic = b64encode(f"{account['clientId']}:{account['password']}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials"}).encode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        path = account["authenticationUrl"].removeprefix(self.session.url)
        response = self.session.send("POST", path, headers=headers, content=form)
        assert response.status_code == 200, response.text
        return IdentityApi(self.session, response.json()["access_token"])

    def mailed_key(self, recipient: str) -> str:
        """Returns the key of the invitation that the mock would have sent to an e-mail address."""
        collections, _ = self.session.require_mock("only a mock shows the mail it sends").state()
        (mail,) = (mail for mail in collections["mail"].values() if mail["to"] == recipient)
        return str(mail["facts"]["key"])
