"""What faults, journal filters and expectations may name: the services, operations and methods that are served.

A name that nothing has would match nothing for ever. A fault would never hit, and an expectation of no exchanges would
always be satisfied. So such a name is refused, and so are names that contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.core.messages import Json
from mockserver.core.problems import Refused
from mockserver.core.suggestions import shortened, suggestion
from mockserver.documents.document import Document, definitions
from mockserver.engine.address import PREFIX
from mockserver.engine.service import CONTROL

HTTP_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
NEITHER = "neither a query nor the prefix of a world"


class Vocabulary:
    """The names in the documents of all services that are served."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.services = list(documents)
        self._operations: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for service, document in documents.items():
            for definition in definitions(document) if service != CONTROL else ():
                methods = ("GET", "HEAD") if definition.method == "get" else (definition.method.upper(),)
                self._operations.setdefault(definition.operation["operationId"], []).append((service, methods))

    def check(self, named: Mapping[str, Json]) -> None:
        """Checks the members `service`, `operation`, `method` and `path` of a journal filter or an expectation.

        Raises Refused for one that no exchange can have and for two that no exchange can have together. An empty
        operation is that of exchanges which reached none.
        """
        self._check_names(named, self.services)
        path = named.get("path", "/")
        if not path.startswith("/") or _is_foreign(path):
            raise Refused(f"path must begin with / and have {NEITHER}: {shortened(path)}")

    def check_fault(self, named: Mapping[str, Json]) -> None:
        """Checks the members of a fault's match in the same way. A fault can hit only requests that reach an operation.

        `operationId` is another name of `operation` here, and `*` in a path stands for any characters. A path at which
        nothing answers is accepted: no list of paths says what every `{parameter}` and `*` can stand for.
        """
        if "operationId" in named:
            if "operation" in named:
                raise Refused("operation and operationId are one property: give one of them")
            named = {**named, "operation": named["operationId"]}
        self._check_names(named, [name for name in self.services if name != CONTROL])
        if named.get("operation") == "":
            raise Refused(f"no operation is named by an empty text{suggestion('', self._operations)}")
        path = named.get("path", "*")
        if not path.startswith(("/", "*")) or _is_foreign(path):
            raise Refused(f"path must begin with / or * and have {NEITHER}: {shortened(path)}")

    def _check_names(self, named: Mapping[str, Json], services: list[str]) -> None:
        service, operation, method = named.get("service"), named.get("operation"), named.get("method")
        if service is not None and service not in services:
            raise Refused(f"no service {shortened(service)} is served{suggestion(service, services)}")
        if method is not None and method not in HTTP_METHODS:
            raise Refused(f"no method {shortened(method)}{suggestion(method, HTTP_METHODS)}")
        if not operation:
            return
        uses = self._operations.get(operation)
        if uses is None:
            raise Refused(f"no operation {shortened(operation)} is served{suggestion(operation, self._operations)}")
        owners = [use for use in uses if service in (None, use[0])]
        if not owners:
            raise Refused(f"the operation {operation} belongs to {uses[0][0]}, not to {service}")
        if method is not None and not any(method in names for _, names in owners):
            raise Refused(f"the method of {operation} is {owners[0][1][0]}, not {method}")


def _is_foreign(path: str) -> bool:
    """Returns whether a path has what the path of an exchange never has."""
    return "?" in path or path.startswith(PREFIX)
