"""Directory sync from both ends: an identity provider that pushes to a directory, and an application that reads it."""

from __future__ import annotations

from typing import Any

from ..framework.plain_http import send
from ..framework.receiver import Receiver

SECRET = "hush"
DIRECTORIES = "/api/v1/directory-sync"
KEY = "Api-Key mock-admin"


class DirectorySync:
    """A new directory, whose webhook is the receiver."""

    def __init__(self, url: str, receiver: Receiver) -> None:
        self.receiver = receiver
        self._url = url
        webhook = {"webhook_url": receiver.url, "webhook_secret": receiver.secret}
        body = {"tenant": "flow", "product": "test", **webhook}
        self.directory = self._send("POST", DIRECTORIES, body, KEY)["data"]
        self._token = f"Bearer {self.directory['scim']['secret']}"

    def push(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a SCIM request to the directory, as the identity provider, and returns the body of the response."""
        return self._send(method, self.directory["scim"]["path"] + path, body, self._token)

    def patch(self, path: str, *operations: Any) -> Any:
        """Patches a SCIM resource."""
        schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
        return self.push("PATCH", path, {"schemas": schemas, "Operations": operations})

    def new_user(self, name: str) -> Any:
        """Pushes a new user, `NAME@acme.example`."""
        address = f"{name}@acme.example"
        user = {"userName": address, "emails": [{"primary": True, "value": address, "type": "work"}], "active": True}
        return self.push("POST", "/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], **user})

    def new_group(self, name: str) -> Any:
        """Pushes a new group without members."""
        schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
        return self.push("POST", "/Groups", {"schemas": schemas, "displayName": name})

    def read(self, path: str, page: str = "") -> Any:
        """Reads users, groups or events of the directory, as the application."""
        query = f"directoryId={self.directory['id']}{page}"
        return self._send("GET", f"{DIRECTORIES}{path}?{query}", None, KEY)["data"]

    def update(self, body: Any) -> None:
        """Updates the directory."""
        self._send("PATCH", f"{DIRECTORIES}/{self.directory['id']}", body, KEY)

    def delete(self) -> None:
        """Deletes the directory."""
        self._send("DELETE", f"{DIRECTORIES}/{self.directory['id']}", None, KEY)

    def _send(self, method: str, path: str, body: Any, authorization: str) -> Any:
        response = send(self._url, method, path, body, authorization)
        assert response.status < 300, response
        return response.body
