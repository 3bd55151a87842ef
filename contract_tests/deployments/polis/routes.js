/** The documented routes and those of today's product: for each pattern and method, a function that calls the engine. */

const BASE = '^/api/v1/(?:directory-sync|dsync)';
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
const SCIM = '^/api/scim/v2\\.0/(?<directoryId>[^/]+)/(?<resourceType>Users|Groups)(?:/(?<resourceId>[^/]+))?/?$';

/** Returns a response for the engine's `{data, error}`. The status is the error's code, or `success`. */
function enveloped({ data = null, error = null }, success = 200) {
  return { status: error ? error.code : success, body: { data, error } };
}

function refused(status, message) {
  return { status, body: { error: { message } } };
}

function paging(query) {
  const number = (value) => (value === undefined ? undefined : parseInt(value, 10));
  return { pageOffset: number(query.pageOffset), pageLimit: number(query.pageLimit) };
}

/** Calls `read` with the tenant and product of the query, or of the directory that the query names. */
async function scoped(controller, query, read) {
  let { tenant = '', product = '' } = query;
  if ((!tenant || !product) && query.directoryId) {
    const { data } = await controller.directories.get(query.directoryId);
    if (!data) return refused(404, 'Directory not found.');
    ({ tenant, product } = data);
  }
  return enveloped(await read(tenant, product));
}

const listing = (collection) => (controller, { query }) =>
  scoped(controller, query, (tenant, product) =>
    controller[collection]
      .setTenantAndProduct(tenant, product)
      .getAll({ ...paging(query), directoryId: query.directoryId }),
  );

const single = (collection) => (controller, { id, query }) =>
  scoped(controller, query, (tenant, product) =>
    controller[collection].setTenantAndProduct(tenant, product).get(id),
  );

async function listDirectories({ directories }, { query: { tenant, product } }) {
  if (!tenant || !product) return refused(400, 'Please provide tenant and product');
  return enveloped(await directories.getByTenantAndProduct(tenant, product));
}

async function listMembers(controller, { id, query }) {
  return scoped(controller, query, (tenant, product) =>
    controller.groups
      .setTenantAndProduct(tenant, product)
      .getGroupMembers({ groupId: id, ...paging(query) }),
  );
}

async function listProduct({ directories }, { query }) {
  if (!query.product) return refused(500, 'Please provide a product');
  return enveloped(await directories.filterBy({ product: query.product, ...paging(query) }));
}

async function updateDirectory({ directories }, { id, body = {} }) {
  const webhook = { endpoint: body.webhook_url, secret: body.webhook_secret };
  return enveloped(await directories.update(id, { ...body, webhook }));
}

async function deleteDirectory({ directories }, { id }) {
  await directories.delete(id);
  return { status: 200, body: { data: {} } };
}

/** Returns a callback that replaces a webhook, unless its receiver is on loopback: the documents' hosts are examples. */
async function webhookSilencer(directories, directoryId) {
  const { data } = await directories.get(directoryId);
  const endpoint = data?.webhook?.endpoint;
  const local = endpoint && URL.canParse(endpoint) && LOOPBACK.has(new URL(endpoint).hostname);
  return local ? undefined : async () => {};
}

async function handleScim({ directories, requests }, { directoryId, resourceType, resourceId, method, query, body, token }) {
  const { startIndex, count, filter } = query;
  const request = {
    method,
    body,
    directoryId,
    resourceId,
    resourceType: resourceType.toLowerCase(),
    apiSecret: token,
    query: {
      count: count ? parseInt(count, 10) : undefined,
      startIndex: startIndex ? parseInt(startIndex, 10) : undefined,
      filter,
    },
  };
  const { status, data } = await requests.handle(request, await webhookSilencer(directories, directoryId));
  return { status, body: data };
}

const ROUTES = [
  [`${BASE}/?$`, {
    GET: listDirectories,
    POST: async ({ directories }, { body = {} }) => enveloped(await directories.create(body), 201),
  }],
  [`${BASE}/product$`, { GET: listProduct }],
  [`${BASE}/events$`, { GET: listing('webhookLogs') }],
  [`${BASE}/users$`, { GET: listing('users') }],
  [`${BASE}/users/(?<id>[^/]+)$`, { GET: single('users') }],
  [`${BASE}/groups$`, { GET: listing('groups') }],
  [`${BASE}/groups/(?<id>[^/]+)$`, { GET: single('groups') }],
  [`${BASE}/groups/(?<id>[^/]+)/members$`, { GET: listMembers }],
  [`${BASE}/(?<id>[^/]+)$`, {
    GET: async ({ directories }, { id }) => enveloped(await directories.get(id)),
    PATCH: updateDirectory,
    DELETE: deleteDirectory,
  }],
  [SCIM, { GET: handleScim, POST: handleScim, PUT: handleScim, PATCH: handleScim, DELETE: handleScim }],
].map(([pattern, methods]) => ({ pattern: new RegExp(pattern), methods }));

/** Returns the function, path parameters and allowed methods for a request; an empty object for an unknown path. */
export function findRoute(method, path) {
  for (const { pattern, methods } of ROUTES) {
    const match = pattern.exec(path);
    if (!match) continue;
    const parameters = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, value && decodeURIComponent(value)]),
    );
    return { route: methods[method], parameters, allowed: Object.keys(methods) };
  }
  return {};
}
