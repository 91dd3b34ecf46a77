import { maestranoSettings } from '../../../src/adapters/rest/maestrano/config.js';
import type { MaestranoChannel } from '../../../src/adapters/rest/maestrano/connection.js';
import { readLaunch } from '../../../src/adapters/rest/maestrano/saml/launch-facts.js';
import { usualSettings } from '../support/hub.js';

const required = {
  mno_session: 'a token',
  mno_session_recheck: '2026-01-05T10:03:00Z',
  uid: 'usr-1',
  virtual_uid: 'usr-1.cld-1',
  email: 'ada@example.com',
  virtual_email: 'usr-1.cld-1@mail.example',
  name: 'Ada',
  surname: '',
  group_uid: 'cld-1',
  group_role: 'Power User',
  group_end_free_trial: '2026-02-01T00:00:00Z',
};

function read(attributes: object, settings: object = {}) {
  const all = maestranoSettings.parse({ ...usualSettings('acme'), application: 'crm', ...settings });
  const channel = { id: 'chn_1', settings: all } as unknown as MaestranoChannel;
  return readLaunch(new Map(Object.entries({ ...required, ...attributes })), channel);
}

test('what must be said is enough', () => {
  const { facts, voucher, recheckAt } = read({});
  expect(recheckAt).toBe('2026-01-05T10:03:00.000Z');
  expect(voucher).toEqual({ uid: 'usr-1', session: 'a token', groupUid: 'cld-1' });
  expect(facts).toMatchObject({
    ...{ channelId: 'chn_1', groupUid: 'cld-1', userUid: 'usr-1', email: 'ada@example.com', virtual: false },
    ...{ givenName: 'Ada', familyName: '', role: 'Power User', trialEndsAt: '2026-02-01T00:00:00.000Z' },
    ...{ groupName: '', companyName: '', country: '', reseller: null, attributes: {} },
  });
});

test('in virtual mode people are who they are in the group', () => {
  const { facts, voucher } = read({}, { creationMode: 'virtual' });
  expect(facts).toMatchObject({ virtual: true, userUid: 'usr-1.cld-1', email: 'usr-1.cld-1@mail.example' });
  expect(voucher.uid).toBe('usr-1');
});

test('what is said of the group and of a reseller has its place, and the rest is kept as it came', () => {
  const { facts } = read({
    ...{ country: 'AT', company_name: 'Typed Ltd', group_name: 'Lotus Ltd', group_has_credit_card: 'true' },
    ...{ group_email: 'office@lotus.example', group_currency: 'EUR', group_timezone: 'Europe/Vienna' },
    ...{ group_country: 'AT', group_city: 'Wien', group_org_uid: 'org-1', group_reseller_id: 'rsl-1' },
    ...{ reseller_id: 'rsl-1', reseller_name: 'Bright', reseller_country: 'DE' },
    ...{ app_owner: 'true', organizations: '{"org-1":{}}' },
  });
  expect(facts).toMatchObject({ country: 'AT', companyName: 'Typed Ltd', groupName: 'Lotus Ltd' });
  expect(facts.groupProfile).toEqual({
    ...{ email: 'office@lotus.example', currency: 'EUR', timeZone: 'Europe/Vienna', country: 'AT', city: 'Wien' },
    ...{ organizationUid: 'org-1', resellerId: 'rsl-1', hasCreditCard: true },
  });
  expect(facts.reseller).toEqual({ id: 'rsl-1', name: 'Bright', country: 'DE' });
  expect(facts.attributes).toEqual({ app_owner: 'true', organizations: '{"org-1":{}}' });
});

test.each([
  ['true', true],
  ['False', false],
  ['perhaps', null],
  ['', null],
])('a credit card that is %j', (text, known) => {
  expect(read({ group_has_credit_card: text }).facts.groupProfile.hasCreditCard).toBe(known);
});
