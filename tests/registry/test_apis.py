"""A package that registers something broken is named by `serve`, with what is wrong; `serve` ends with status 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.registry.plugins import Plugin, installed, run

DOCUMENT = "openapi/acme-iam.yaml"
FIXTURE = "fixtures/documented/acme-iam.json"


def remove(file: str) -> Callable[[Plugin], None]:
    return lambda plugin: (plugin.package / file).unlink()


def replace(file: str, old: str, new: str) -> Callable[[Plugin], None]:
    return lambda plugin: plugin.replace(file, old, new)


def register(name: str, module: str) -> Callable[[Plugin], None]:
    return lambda plugin: plugin.register("acme-iam", {name: module})


BROKEN: dict[str, tuple[Callable[[Plugin], None], str]] = {
    "no document": (remove(DOCUMENT), "acme-iam.yaml is missing"),
    "a document that is not YAML": (replace(DOCUMENT, "info:", "info: ["), "acme-iam.yaml is not YAML"),
    "another version of OpenAPI": (replace(DOCUMENT, "3.1.0", "3.0.3"), "does not begin with `openapi: 3.1.0`"),
    "a document without a title": (replace(DOCUMENT, "title: Acme Iam", "name: x"), "`info.title` is missing"),
    "a document without paths": (replace(DOCUMENT, "\npaths:", "\nx-paths:"), "`paths` is missing"),
    "an operation without a name": (replace(DOCUMENT, "operationId: getTeam\n      sum", "sum"), "no `operationId`"),
    "a reference to nothing": (
        replace(DOCUMENT, "#/components/schemas/Team", "#/components/schemas/No"),
        "No leads nowhere",
    ),
    "a wrong schema": (replace(DOCUMENT, "minLength: 1\n          max", "minLength: few\n          max"), "few"),
    "a credential in the query": (
        replace(DOCUMENT, "type: http\n      scheme: bearer", "type: apiKey\n      in: query\n      name: key"),
        "only headers are supported",
    ),
    "no fixture": (remove(FIXTURE), "acme-iam.json is missing"),
    "a fixture that is not JSON": (replace(FIXTURE, "{", "("), "acme-iam.json is not JSON"),
    "a fixture of another form": (replace(FIXTURE, '"collections"', '"records"'), "acme-iam.json is not {"),
    "records of no collection": (replace(FIXTURE, "acme-iam.teams", "acme-iam.tems"), "records of 'acme-iam.tems'"),
    "no handler": (replace("teams.py", '    "getTeam": get_team,\n', ""), "no handler for getTeam"),
    "no operation": (replace("teams.py", '"getTeam":', '"getTeem":'), "no operation for the handler getTeem"),
    "a module that raises": (replace("__init__.py", "SERVICE =", "1 / 0\nSERVICE ="), "ZeroDivisionError"),
    "no service": (replace("__init__.py", "SERVICE =", "OTHER ="), "defines no SERVICE"),
    "another name": (replace("__init__.py", 'name="acme-iam"', 'name="acme"'), "is named 'acme'"),
    "no mount": (lambda it: it.replace("__init__.py", "SERVICE =", "SCIM_MOUNT = 1\nSERVICE ="), "SCIM_MOUNT"),
    "no module": (register("acme-iam", "nowhere_at_all"), "can't import nowhere_at_all"),
    "a name that is none": (register("Acme_IAM", "acme_iam"), "'Acme_IAM': a name is lower-case"),
    "a reserved name": (register("control", "acme_iam"), "'control': the name is reserved"),
    "a name that is taken": (register("netbird", "acme_iam"), "'netbird': the name is taken: package"),
    "a collection that is taken": (
        replace("teams.py", '"acme-iam.teams"', '"netbird.identity_providers"'),
        "the collection 'netbird.identity_providers' is taken: API 'acme-iam' has one",
    ),
    "a path that is taken": (
        replace(DOCUMENT, "url: /acme-iam/v1\nsecurity", "url: /api\nsecurity"),
        "two operations answer GET /api/identity-providers: one of 'acme-iam', one of 'netbird'",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_serve_names_the_package_and_what_is_wrong_with_it(tmp_path: Path, case: str) -> None:
    breaks, fault = BROKEN[case]
    plugin = installed(tmp_path)
    plugin.replace(DOCUMENT, "  /teams:", "  /identity-providers:")
    breaks(plugin)
    # Alone it fails sooner; only a path that is taken needs the other API beside it.
    beside = () if "path" in case else ("--service", "acme-iam")
    done = plugin.mockserver("serve", "--port", "0", *beside)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("mockserver serve: package ")
    assert "acme-iam" in line
    assert fault in line


MOUNT = """
SCIM_MOUNT = ScimMount(
    "/acme-iam/{tenant}/scim",
    lambda call, token: f"acme-iam:{call.path['tenant']}" if token == "team-token" else None,
    lambda call, directory, events: call.records.put("acme-iam.teams", directory, {"id": directory}),
)
"""

PUSH = """
from mockserver import Headers, MockServer, Request

def ask(method, path, body=b"", token="team-token"):
    headers = Headers({"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})
    return server.handle(Request(method, path, headers, body))

server = MockServer(scenario="empty")
assert ask("POST", "/acme-iam/t1/scim/Users", b'{"userName": "ann"}').status == 201
assert [it["userName"] for it in ask("GET", "/acme-iam/t1/scim/Users").json()["Resources"]] == ["ann"]
assert ask("GET", "/acme-iam/t2/scim/Users").json()["totalResults"] == 0
assert ask("GET", "/acme-iam/t1/scim/Users", token="other").status == 401
records = ask("GET", "/_mock/worlds/default/state").json()["collections"]["acme-iam.teams"]
assert list(records) == ["acme-iam:t1"], records
urls = [it["url"] for it in ask("GET", "/_mock/openapi/scim.json").json()["servers"]]
assert any(url.endswith("/acme-iam/{tenant}/scim") for url in urls), urls
"""


def test_scim_answers_where_a_package_lends_it_a_place(tmp_path: Path) -> None:
    plugin = installed(tmp_path)
    plugin.replace("__init__.py", "from mockserver import Service", "from mockserver import ScimMount, Service")
    with (plugin.package / "__init__.py").open("a") as module:
        module.write(MOUNT)
    done = run(plugin.path, "-c", PUSH)
    assert done.returncode == 0, done.stderr
