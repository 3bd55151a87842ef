/**
 * Loads the data of the documented examples into the engine, so that the examples can be sent to it.
 *
 * The data are the responses in contract_tests/documented/jackson.json. Users and groups are pushed as an identity
 * provider pushes them. The directory is written to the engine's store, because the engine would choose another id.
 */
import { readFile } from 'node:fs/promises';

export async function seed(controller, examplesFile) {
  const examples = JSON.parse(await readFile(examplesFile, 'utf8'));
  const answerOf = (name) => examples.find((example) => example.name === name).response.body.data;
  for (const directory of answerOf('list-directories')) {
    await putDirectory(controller.directories, directory);
    const push = pusher(controller.requests, directory);
    // Lists are newest first, so the last user in the list was pushed first.
    for (const { id, raw } of answerOf('list-users').reverse()) {
      await push('POST', 'users', { ...raw, userId: id, rawAttributes: raw });
    }
    const group = answerOf('get-group');
    await push('POST', 'groups', { ...group.raw, groupId: group.id, rawAttributes: group.raw });
    const members = group.members.map((member) => ({ value: member.user_id }));
    await push('PATCH', 'groups', { Operations: [{ op: 'add', path: 'members', value: members }] }, group.id);
  }
}

async function putDirectory(directories, { scim: { path, secret }, ...directory }) {
  const indexes = [
    { name: 'tenantProduct', value: `${directory.tenant}:${directory.product}` },
    { name: 'product', value: directory.product },
  ];
  await directories.store().put(directory.id, { ...directory, scim: { path, secret } }, ...indexes);
}

function pusher(requests, directory) {
  return async (method, resourceType, body, resourceId) => {
    const request = { method, resourceType, resourceId, body, directoryId: directory.id, query: {} };
    // The callback replaces webhooks: loading must send none to the example hosts of the documents.
    const { status, data } = await requests.handle({ ...request, apiSecret: directory.scim.secret }, async () => {});
    if (status >= 300) throw new Error(`seeding ${resourceType}: ${status} ${JSON.stringify(data)}`);
  };
}
