import { buy, person, type Scenario, usageIs, usersAre } from './scenario.js';

/** Use case 6: people change at full occupancy. */
export const replace: Scenario = {
  about: 'people are replaced while every seat is taken',
  version: '4.3',
  async run(context) {
    const { nec, goods } = context;
    const realmId = await buy(context, 'R', 2, 2);
    const exchange = (remove: readonly string[], add: readonly number[]) => ({
      realmId,
      remove: { userId: remove },
      add: { User: add.map((number) => person(realmId, number)) },
      licenceCode: goods.licence,
    });
    await nec.call('Ines comes for Mina', 'ReplaceUsers', exchange(['U1'], [3]));
    await nec.call('so it is', 'GetUsers', { realmId }, { check: usersAre('U2', 'U3') });
    await nec.call('somebody unknown cannot leave', 'ReplaceUsers', exchange(['U2', 'U99'], [4]), { code: 3 });
    await nec.call('and nothing was half done', 'GetUsers', { realmId }, { check: usersAre('U2', 'U3') });
    await nec.call(
      'the seats are where they were',
      'GetLicenceUsage',
      { realmId },
      {
        check: usageIs(goods.licence, { purchased: 2, assigned: 2, billable: 2 }),
      },
    );
  },
};
