// Calls each API through openapi-fetch, with the types that openapi-typescript generates from the served documents.
// The first argument is the mock's URL. Prints one line for each call, `operationId status`, and ends with status 1 at
// the first response that is not 2xx.

import createClient from "openapi-fetch";
import type { paths as Control } from "./control";
import type { paths as Jackson } from "./jackson";
import type { paths as NetBird } from "./netbird";
import type { paths as NetFoundry } from "./netfoundry";
import type { paths as Scim } from "./scim";
import type { paths as Vcf } from "./vcf";

declare const process: { argv: string[] };

const url = process.argv[2] ?? "";

function succeeded<Data>(operation: string, result: { data?: Data; error?: unknown; response: Response }): Data {
  if (result.data === undefined || !result.response.ok) {
    throw new Error(`${operation} ${result.response.status} ${JSON.stringify(result.error)}`);
  }
  console.log(`${operation} ${result.response.status}`);
  return result.data;
}

async function netbird(): Promise<void> {
  const client = createClient<NetBird>({ baseUrl: url, headers: { Authorization: "Token mock-admin" } });
  const created = succeeded(
    "createIdentityProvider",
    await client.POST("/api/identity-providers", {
      body: {
        type: "oidc",
        name: "Generated",
        issuer: "https://issuer.example",
        client_id: "client",
        client_secret: "secret",
      },
    }),
  );
  const params = { path: { idpId: created.id } };
  succeeded("getIdentityProvider", await client.GET("/api/identity-providers/{idpId}", { params }));
}

async function jackson(): Promise<void> {
  const client = createClient<Jackson>({
    baseUrl: `${url}/api/v1`,
    headers: { Authorization: "Api-Key mock-admin" },
  });
  const created = succeeded(
    "createDirectory",
    await client.POST("/directory-sync", {
      body: { tenant: "generated", product: "client", type: "okta-scim-v2" },
    }),
  );
  const { id: directoryId, scim: mount } = created.data;
  if (mount.endpoint === undefined || mount.secret === undefined) throw new Error("the directory has no SCIM endpoint");
  await scim(mount.endpoint, mount.secret);
  const byTenant = { params: { query: { tenant: "generated", product: "client", pageLimit: "10" } } };
  const users = succeeded("listUsers", await client.GET("/directory-sync/users", byTenant));
  const byDirectory = { params: { query: { directoryId } } };
  const same = succeeded("listUsers", await client.GET("/directory-sync/users", byDirectory));
  const email: string | undefined = users.data[0]?.email;
  if (email !== "ann@example.com" || same.data[0]?.email !== email) throw new Error(`listUsers found ${email}`);
  succeeded("listGroups", await client.GET("/directory-sync/groups", byDirectory));
  // @ts-expect-error  the parameters are flat: there is no `scope`
  await client.GET("/directory-sync/users", { params: { query: { scope: { directoryId } } } });
}

async function scim(endpoint: string, secret: string): Promise<void> {
  const client = createClient<Scim>({ baseUrl: endpoint, headers: { Authorization: `Bearer ${secret}` } });
  succeeded(
    "createUser",
    await client.POST("/Users", {
      body: {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName: "ann@example.com",
        emails: [{ value: "ann@example.com", primary: true }],
      },
    }),
  );
  const query = { filter: 'userName eq "ann@example.com"', count: 1 };
  succeeded("listUsers", await client.GET("/Users", { params: { query } }));
}

async function vcf(): Promise<void> {
  const client = createClient<Vcf>({ baseUrl: url, headers: { Authorization: "Bearer mock-admin" } });
  const listed = succeeded("listIdentityProviders", await client.GET("/v1/identity-providers"));
  const id = listed.elements[0]?.id ?? "";
  succeeded("getIdentityProvider", await client.GET("/v1/identity-providers/{id}", { params: { path: { id } } }));
}

async function netfoundry(): Promise<void> {
  const client = createClient<NetFoundry>({
    baseUrl: `${url}/identity/v1`,
    headers: { Authorization: "Bearer mock-admin" },
  });
  const query = { page: 0, size: 1 };
  const [organization] = succeeded("listOrganizations", await client.GET("/organizations", { params: { query } }));
  const params = { path: { id: organization?.id ?? "" } };
  succeeded("getOrganization", await client.GET("/organizations/{id}", { params }));
}

async function control(): Promise<void> {
  const client = createClient<Control>({ baseUrl: url });
  const health = succeeded("getHealth", await client.GET("/_mock/health"));
  if (!health.services.includes("netbird")) throw new Error("getHealth does not list netbird");
  const params = { path: { world: "default" }, query: { service: "jackson", limit: 1 } };
  succeeded("listExchanges", await client.GET("/_mock/worlds/{world}/journal", { params }));
}

for (const call of [netbird, jackson, vcf, netfoundry, control]) await call();
