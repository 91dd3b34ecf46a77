import type { MaestranoContext } from '../../../src/adapters/cli/simulate/maestrano/context.js';
import type { LocalMaestrano } from '../../../src/adapters/cli/simulate/maestrano/local/index.js';
import { metadata } from '../../../src/adapters/cli/simulate/maestrano/scenarios/metadata.js';
import { createTranscript } from '../../../src/adapters/cli/simulate/transcript.js';
import { serveHttp } from './hub-stub.js';
import { startWithPeople } from './support.js';

let hub: Awaited<ReturnType<typeof serveHttp>>;
let local: LocalMaestrano;
beforeEach(async () => {
  hub = await serveHttp();
  ({ local } = await startWithPeople({ hubUrl: hub.url, marketplaces: [{ name: 'first' }, { name: 'second' }] }));
});
afterEach(async () => {
  await local.close();
  await hub.close();
});

/** Plays against the stub; the titles of the steps that failed, and why. */
async function failures(): Promise<(string | undefined)[]> {
  const progress = { report: () => undefined, finish: () => undefined };
  const output = {
    json: true,
    line: () => undefined,
    answer: () => undefined,
    note: () => undefined,
    progress: () => progress,
  };
  const transcript = createTranscript(output);
  const place = (name: string) => ({ marketplace: local.marketplace(name), channelId: 'chn_1' });
  const context = { transcript, local, publicUrl: hub.url, first: place('first'), second: place('second') };
  await metadata.run(context as MaestranoContext).catch(() => undefined);
  return transcript.steps.filter(({ state }) => state === 'failed').map(({ title }) => title);
}

const right = (more: object = {}) => {
  const { api, paths } = local.marketplace('first');
  return JSON.stringify({
    environment: 'e',
    app: { host: hub.url },
    api: { id: api.id },
    sso: { init_path: paths.init, consume_path: paths.consume },
    webhook: { account: {}, connec: {} },
    ...more,
  });
};

describe('the scenario metadata', () => {
  it('goes well where a hub does as it must', async () => {
    hub.text = right();
    hub.statuses.push(200, 401, 401);
    hub.refusal = '{"error":"Invalid credentials"}';
    expect(await failures()).toEqual([]);
  });

  it.each([
    [
      'shows the key',
      [200],
      () => right({ key: local.marketplace('first').api.key }),
      'the answer has the shape, and no key',
    ],
    [
      'names another address',
      [200],
      () => right({ app: { host: 'https://elsewhere.example' } }),
      'the answer has the shape, and no key',
    ],
    ['answers everybody', [200, 200], () => right(), 'a wrong key is refused'],
    ['mixes the marketplaces up', [200, 401, 200], () => right(), 'so are the id and key of another marketplace'],
  ])('fails where a hub %s', async (_, statuses, text, step) => {
    hub.text = text();
    hub.statuses.push(...statuses);
    hub.refusal = '{"error":"Invalid credentials"}';
    expect(await failures()).toEqual([step]);
  });
});
