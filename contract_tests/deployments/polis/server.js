/**
 * The real directory sync engine (npm @boxyhq/saml-jackson) behind the documented routes.
 *
 * A route reads its parameters from the request, calls the engine and returns the engine's result. Data are kept in memory
 * only. When the server is ready, it prints `ready http://127.0.0.1:PORT`.
 *
 *     npm install --ignore-scripts
 *     node server.js ../../documented/jackson.json
 *
 * The argument is a file of documented examples, whose data the server loads. Environment: PORT (default 0, which is any
 * free port), API_KEY (default mock-admin).
 */
import { createServer } from 'node:http';
import jackson from '@boxyhq/saml-jackson';
import { findRoute } from './routes.js';
import { seed } from './seed.js';

const BODY_LIMIT = 1_000_000; // bytes

class Refusal extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    Object.assign(this, { status, headers });
  }
}

/** Returns the JSON body, or undefined if there is none. Throws a Refusal with 400 or 413. */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Refusal(413, 'Body exceeded 1mb limit');
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'Invalid JSON');
  }
}

function bearer(request) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  return ['api-key', 'bearer'].includes(scheme.toLowerCase()) ? token : undefined;
}

async function answer(controller, apiKey, request) {
  const url = new URL(request.url, 'http://localhost');
  const { route, parameters, allowed } = findRoute(request.method, url.pathname);
  if (!allowed) throw new Refusal(404, 'Not Found');
  const token = bearer(request);
  if (!url.pathname.startsWith('/api/scim/') && token !== apiKey) throw new Refusal(401, 'Unauthorized');
  if (!route) {
    throw new Refusal(405, `Method ${request.method} not allowed.`, { Allow: allowed.join(', ') });
  }
  const query = Object.fromEntries(url.searchParams);
  const body = await readBody(request);
  return route(controller, { ...parameters, query, body, token, method: request.method });
}

async function serve(controller, apiKey, request, response) {
  let result;
  try {
    result = await answer(controller, apiKey, request);
  } catch (error) {
    const { status = 500, headers = {}, message } = error;
    result = { status, headers, body: { error: { message } } };
  }
  response.writeHead(result.status, { 'Content-Type': 'application/json', ...result.headers });
  response.end(JSON.stringify(result.body));
}

const server = createServer();
await new Promise((resolve) => server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const { directorySyncController } = await jackson.controllers({
  externalUrl: url,
  samlPath: '/api/oauth/saml',
  scimPath: '/api/scim/v2.0',
  noAnalytics: true,
  db: { engine: 'mem', pageLimit: 50 },
});
if (process.argv[2]) await seed(directorySyncController, process.argv[2]);
const apiKey = process.env.API_KEY ?? 'mock-admin';
server.on('request', (request, response) => serve(directorySyncController, apiKey, request, response));
console.log(`ready ${url}`);
