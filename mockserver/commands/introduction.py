"""What `mockserver serve` prints before it is ready: each API's URL, a `curl` command, credentials, certificates."""

from __future__ import annotations

from mockserver.commands.tls import Tls
from mockserver.engine.service import CONTROL
from mockserver.registry import resources
from mockserver.registry.credentials import credential_headers
from mockserver.server import MockServer


def introduce(server: MockServer, url: str, token: str | None, tls: Tls | None) -> None:
    """Prints the URL of each API and a command that works. `token` is a generated control token, if there is one."""
    curl = f"curl --cacert '{tls.certificate}'" if tls else "curl"
    for service, operations in server.engine.operations.items():
        if service == CONTROL:
            continue
        example = next((each for each in operations if each.method == "GET" and not each.names), None)
        if example is None:  # no request works without knowing what there is
            print(f"{service}: {url}{operations[0].mount}")
            continue
        print(f"{service}: {url}{example.path}")
        headers = credential_headers(resources.document(service), "mock-admin").items()
        options = "".join(f"-H '{name}: {value}' " for name, value in headers)
        print(f"  {curl} {options}'{url}{example.path}{server.engine.services[service].example_query}'")
    if server.worlds.options["auth"] == "lenient":
        print("credentials: any; mock-reader may only read, mock-expired and mock-revoked are refused")
    else:
        print("credentials: mock-admin, mock-reader, and what the server issues")
    guarded = f", with 'Authorization: Bearer {token}'" if token else ""
    print(f"control plane: {url}/_mock/health{guarded}")
    if tls is not None:
        print("to trust this server's certificate, set these variables for client programs:")
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
            print(f"  export {name}='{tls.certificate}'")
        print(f"host names that it answers to, once they resolve to this machine: {', '.join(tls.hosts)}")
