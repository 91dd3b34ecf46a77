import { serverAudits } from 'graphql-http';
import { type SampleServer, startSample } from './support/server.js';

let server: SampleServer;
afterEach(() => server.close());

test.each(['everybody', 'authenticated', 'nobody'] as const)(
  'all 61 audits of GraphQL over HTTP pass without a token where the schema is shown to %s',
  async (introspection) => {
    server = await startSample({ introspection });
    const audits = serverAudits({ url: server.url });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const failed = results.filter((result) => result.status !== 'ok');
    expect(failed.map(({ name, status }) => ({ name, status }))).toEqual([]);
    expect(results).toHaveLength(61);
  },
);
