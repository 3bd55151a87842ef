"""VMware's own Python client against the mock: every operation of the page, and logging in.

The client is PyPI's `vmware-sddc-manager`. It speaks through a `requests` session, which hands its requests straight to
the server here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from tests.services.proof import recorded, succeeded
from tests.services.vcf.deployment import ORIGIN, Deployment

pytestmark = pytest.mark.filterwarnings("ignore:read_binary is deprecated:DeprecationWarning")


class Adapter(BaseAdapter):
    """Passes the requests of a session to a deployment without a network."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__()
        self.deployment = deployment

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        headers = {name: str(value) for name, value in request.headers.items()}
        answer = self.deployment.send(str(request.method), request.path_url, headers, body)
        response = Response()
        response.status_code, response.headers = answer.status, CaseInsensitiveDict(answer.headers)
        response._content = answer.body
        return response

    def close(self) -> None:
        """Does nothing: there is no connection to close."""


class Client:
    """The client's services, after logging in as the administrator of a strict deployment."""

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        sdk = "vmware.sddc_manager"
        self.model = import_module(f"{sdk}.model_client")
        self.session = Session()
        self.deployment = Deployment("acme-okta", {"auth": "strict", **(options or {})})
        self.session.mount(ORIGIN, Adapter(self.deployment))
        connect = import_module("vmware.vapi.lib.connect").get_requests_connector
        factory = import_module("vmware.vapi.stdlib.client.factories").StubConfigurationFactory
        stub = factory.new_std_configuration(connect(session=self.session, msg_protocol="rest", url=ORIGIN))
        self.tokens = import_module(f"{sdk}.v1_client").Tokens(stub)
        self.refresh = import_module(f"{sdk}.v1.tokens.access_token_client").Refresh(stub)
        self.providers = import_module(f"{sdk}.v1_client").IdentityProviders(stub)
        self.sources = import_module(f"{sdk}.v1.identity_providers_client").IdentitySources(stub)
        self.sync_client = import_module(f"{sdk}.v1.identity_providers_client").SyncClient(stub)
        self.prechecks = import_module(f"{sdk}.v1.identity_broker_client").Prechecks(stub)

    def log_in(self) -> None:
        spec = self.model.TokenCreationSpec(username="administrator@vsphere.local", password="VMw@re1!")
        pair = self.tokens.create_token(spec)
        renewed = self.refresh.refresh_access_token(pair.refresh_token.id)
        self.session.headers["Authorization"] = f"Bearer {renewed}"

    def source(self, domain: str) -> Any:
        return self.model.IdentitySourceSpec(name="Branch", ldap=self.ldap(domain))

    def ldap(self, domain: str) -> Any:
        details = self.model.SourceDetails(
            users_base_dn="ou=people", groups_base_dn="ou=groups", cert_chain=[], server_endpoints=["ldap://dc1"]
        )
        return self.model.LdapSpec(
            type="ActiveDirectory", domain_name=domain, username="svc", password="secret", source_details=details
        )

    def adfs(self, domain: str) -> Any:
        return self.model.IdentityProviderSpec(
            name="ADFS", type="ActiveDirectory", cert_chain=[], ldap=self.ldap(domain), oidc=self.oidc()
        )

    def okta(self, domain: str) -> Any:
        directory = self.model.IdentityProviderDirectory(name="people", default_domain=domain, domains=[domain])
        federated = self.model.FederatedIdentityProviderSpec(
            name="Okta", directory=directory, oidc_spec=self.oidc(), sync_client_token_ttl=600
        )
        return self.model.IdentityProviderSpec(type="FEDERATED_IDP_BROKER", fed_idp_spec=federated)

    def oidc(self) -> Any:
        return self.model.OidcSpec(
            client_id="id", client_secret="secret", discovery_endpoint="https://login.example.org"
        )


def test_the_client_goes_through_every_operation() -> None:
    client = Client({"vcf.json-bodies": True})
    client.log_in()
    embedded, okta = client.providers.get_identity_providers().elements
    assert (embedded.type, okta.type, okta.status) == ("Embedded", "FEDERATED_IDP_BROKER", "active")

    client.sources.add_embedded_identity_source(embedded.id, client.source("branch.example.org"))
    client.sources.update_embedded_identity_source(embedded.id, "branch.example.org", client.source("east.example.org"))
    names = [it.name for it in client.providers.get_identity_provider_by_id(embedded.id).identity_sources]
    assert names[-1] == "Branch"
    client.sources.delete_identity_source(embedded.id, "east.example.org")

    client.providers.update_external_identity_provider(okta.id, client.okta("new.example.org"))
    client.sync_client.generate_sync_client_token(okta.id)
    client.sync_client.generate_sync_client_token(okta.id, 60)
    provider = client.providers.get_identity_provider_by_id(okta.id).fed_idp
    assert provider.directory_list.domains == ["new.example.org"]
    assert provider.sync_client_token_info.scim_url == f"{client.deployment.base}/usergroup/t/CUSTOMER/scim/v2"

    client.providers.delete_external_identity_provider(okta.id)
    assert client.prechecks.get_identity_precheck_result().status == "SUCCESS"
    client.providers.add_external_identity_provider(client.adfs("adfs.example.org"))
    embedded, adfs = client.providers.get_identity_providers().elements
    client.providers.update_external_identity_provider(adfs.id, client.adfs("fs.example.org"))
    assert client.providers.get_identity_provider_by_id(adfs.id).domain_names == ["fs.example.org"]
    journal = client.deployment.world.journal
    reached = succeeded((it.operation, it.response.status) for it in journal if it.service == "vcf")
    assert reached == recorded("vcf", "vmware-sddc-manager")


def test_the_client_reads_the_details_of_a_precheck_that_warns() -> None:
    client = Client({"vcf.precheck": "WARNING"})
    client.log_in()
    result = client.prechecks.get_identity_precheck_result()
    assert (result.status, result.details[0].type) == ("WARNING", "WARNING")


def test_the_client_understands_an_error() -> None:
    client = Client()
    client.log_in()
    embedded = client.providers.get_identity_providers().elements[0]
    with pytest.raises(client.model.Error) as refused:
        client.sources.add_embedded_identity_source(embedded.id, client.source("not a domain"))
    assert refused.value.error_code == "INVALID_INPUT"
    assert "domainName" in refused.value.message
    assert refused.value.remediation_message


def test_the_client_fails_on_the_documented_bare_text() -> None:
    client = Client()
    client.log_in()
    embedded = client.providers.get_identity_providers().elements[0]
    with pytest.raises(json.JSONDecodeError):
        client.sources.add_embedded_identity_source(embedded.id, client.source("branch.example.org"))
