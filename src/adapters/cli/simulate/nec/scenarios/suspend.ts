import type { MkpVersion } from '../sandbox.js';
import { buy, type Scenario, type ScenarioContext, statusIs, usageIs } from './scenario.js';

/** How each dialect says stop and go. */
interface Words {
  user(realmId: string, userId: string, on: boolean): readonly [operation: string, input: object];
  realm(realmId: string, on: boolean): readonly [operation: string, input: object];
}

const words: Readonly<Record<MkpVersion, Words>> = {
  '4.3': {
    user: (realmId, userId, on) => ['UpdateUserStatus', { realmId, userId, status: on ? 1 : 7 }],
    realm: (realmId, on) => ['UpdateRealmStatus', { realmId, status: on ? 1 : 7 }],
  },
  '4.2': {
    user: (realmId, userId, on) => [on ? 'EnableUser' : 'DisableUser', { realmId, userId }],
    realm: (realmId, on) => [on ? 'EnableRealm' : 'DisableRealm', { realmId }],
  },
};

/** Use cases 7 and 8: the customer does not pay, then pays. */
export function suspend(version: MkpVersion): Scenario {
  return {
    about: `the customer does not pay, then pays, in the words of MKP ${version}`,
    version,
    async run(context) {
      const { nec, goods, transcript } = context;
      const realmId = await buy(context, version === '4.2' ? 'S2' : 'S3', 2, 2);
      const say = sayer(context, words[version], realmId);
      if (version === '4.3') {
        await nec.call('a status nobody knows', 'UpdateUserStatus', { realmId, userId: 'U1', status: 3 }, { code: 6 });
      } else if ((await nec.call('which version is it?', 'Ping', {})).version !== version) {
        transcript.skip('delegated authentication came with 4.3', `this channel does not speak ${version}`);
      } else {
        const proof = { realmId, loginName: 'mina', password: 'irrelevant' };
        await nec.call('delegated authentication came with 4.3', 'Authenticate', proof, { code: 9 });
      }
      await say.realm('the instance is disabled', false);
      await say.realm('and told twice', false);
      await say.realm('enable is refused: no user was disabled', true, 7);
      await nec.call('a person cannot sign in', 'Login', { realmId, userId: 'U1' }, { code: 7 });
      await say.user('U1', 'Mina is disabled', false);
      await say.user('U2', 'Theo is disabled', false);
      await nec.call(
        'nobody is billed',
        'GetLicenceUsage',
        { realmId },
        {
          check: usageIs(goods.licence, { purchased: 2, assigned: 2, billable: 0 }),
        },
      );
      await say.realm('both were seen: the instance is enabled', true);
      await nec.call(
        'people wait for their own enable',
        'GetUserStatus',
        { realmId, userId: 'U1' },
        { check: statusIs(7, 7) },
      );
      await say.user('U1', 'Mina is enabled', true);
      await say.user('U2', 'Theo is enabled', true);
      await say.realm('a repeated enable is done already', true);
      await nec.call('all is as before', 'GetRealmStatus', { realmId }, { check: statusIs(1) });
      await nec.call(
        'and billed as before',
        'GetLicenceUsage',
        { realmId },
        {
          check: usageIs(goods.licence, { purchased: 2, assigned: 2, billable: 2 }),
        },
      );
    },
  };
}

function sayer({ nec }: ScenarioContext, { user, realm }: Words, realmId: string) {
  return {
    user: (userId: string, title: string, on: boolean, code = 0) =>
      nec.call(title, ...user(realmId, userId, on), { code }),
    realm: (title: string, on: boolean, code = 0) => nec.call(title, ...realm(realmId, on), { code }),
  };
}
