import { serverAudits } from 'graphql-http';
import { type SampleServer, startSample } from './support/server.js';

let server: SampleServer;
beforeAll(async () => {
  server = await startSample();
});
afterAll(() => server.close());

test('all 61 audits of GraphQL over HTTP pass', async () => {
  const audits = serverAudits({ url: server.url });
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const failed = results.filter((result) => result.status !== 'ok');
  expect(failed.map(({ name, status }) => ({ name, status }))).toEqual([]);
  expect(results).toHaveLength(61);
});
