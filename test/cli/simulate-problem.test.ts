import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HubBusy, patiently } from '../../src/adapters/cli/simulate/busy.js';
import { createUnityClient } from '../../src/adapters/cli/simulate/kakapo/unity-client.js';
import { postForJson } from '../../src/adapters/cli/simulate/machine.js';
import { createTranscript, StepFailed } from '../../src/adapters/cli/simulate/transcript.js';

/** As the hub answers while it lags: a line of text, whatever was asked. */
describe('a simulation with a hub that is busy', () => {
  let server: Server;
  let endpoint: string;
  beforeAll(async () => {
    const wsdl = await readFile('wsdl/kakapo/ProvisionV3.wsdl');
    server = createServer(({ method }, response) => {
      if (method === 'GET') response.setHeader('content-type', 'text/xml').end(wsdl);
      else response.writeHead(503, { 'content-type': 'text/plain' }).end('The hub is busy: try again.\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/KakapoProvision/ProvisionV3.asmx`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('says so where a call outside the provisioner fails', async () => {
    const quiet = { report: () => {}, finish: () => {} };
    const output = { json: true, line: () => {}, answer: () => {}, note: () => {}, progress: () => quiet };
    const transcript = createTranscript(output);
    const user = { name: 'api', secret: 'x' };
    const step = transcript.step('many at once', async () => {
      const client = await createUnityClient({ endpoint, user }, 'SOAP 1.1');
      await client.call('GetSystemProviders', {});
    });
    await expect(step).rejects.toBeInstanceOf(StepFailed);
    expect(transcript.steps[0]).toMatchObject({ state: 'failed', note: expect.stringContaining('the hub is busy') });
  });

  it('says so where GraphQL or a token is asked for', async () => {
    await expect(postForJson(endpoint, { headers: {}, body: '{}' })).rejects.toThrow('the hub is busy, try again');
  });
});

describe('whoever is told that the hub is busy', () => {
  it('asks again, and gives up at anything else', async () => {
    let asked = 0;
    const answer = await patiently(async () => {
      asked += 1;
      if (asked === 1) throw new HubBusy('busy');
      return asked;
    });
    expect(answer).toBe(2);
    await expect(patiently(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
