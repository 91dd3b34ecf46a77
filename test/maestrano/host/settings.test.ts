import { maestranoSettings } from '../../../src/adapters/rest/maestrano/config.js';
import { configureChannel } from '../../../src/core/marketplace/index.js';
import { type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';

describe('settings of a channel', () => {
  const settings = (change: object) =>
    maestranoSettings.safeParse({ ...usualSettings('acme'), application: 'crm', ...change });

  it.each([
    ['no key', {}],
    ['a certificate that was cut off', { x509Certificate: '-----BEGIN CERTIFICATE-----…' }],
    ['a text for a certificate', { x509Certificate: 'MIIB' }],
    ['half a fingerprint', { x509Fingerprint: '29:C2:00' }],
  ])('are refused with %s', (_what, sso) => {
    expect(settings({ sso }).success).toBe(false);
  });

  it('name one way to reach the marketplace', () => {
    expect(settings({}).success).toBe(true);
    expect(settings({ api: undefined }).success).toBe(false);
    const platform = { host: 'https://p.example', environment: 'e', apiKey: 'k', apiSecret: 's' };
    expect(settings({ developerPlatform: platform }).success).toBe(false);
  });
});

describe('a channel whose settings name what is not there', () => {
  let world: MaestranoHub;
  beforeAll(async () => {
    world = await openMaestranoHub('sqlite');
  });
  afterAll(() => world.close());

  it.each([
    ['nothing', {}, []],
    ['no key', { sso: undefined }, ['no certificate and no fingerprint says whose sign-ins to believe']],
    ['an application', { application: 'gone' }, ['its application "gone" is not there']],
    ['a plan', { plan: 'gone' }, ['its plan "gone" is not one of "crm"']],
    ['a license type', { licenseType: 'gone' }, ['its license type "gone" is not one of "crm"']],
  ])('says so to operators: %s', async (what, change, problems) => {
    const settings = { ...usualSettings('acme'), application: 'crm', plan: 'crm-month', ...change };
    const name = what.replaceAll(' ', '-');
    const { id } = await world.run((tx) => configureChannel(tx, { name, protocol: 'maestrano', settings }));
    expect(await world.hub.problemsOfChannel(id)).toEqual(problems);
  });
});
