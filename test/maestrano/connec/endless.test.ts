import { importTask, queueStep } from '../../../src/adapters/rest/maestrano/connec/begin-run.js';
import { findGroup } from '../../../src/adapters/rest/maestrano/connec/group.js';
import { mostSteps } from '../../../src/adapters/rest/maestrano/connec/import-task.js';
import {
  findSynchronization,
  putSynchronization,
} from '../../../src/adapters/rest/maestrano/connec/synchronization.js';
import { onEveryDatabase } from '../../support/databases.js';
import { openSharing } from './support.js';

onEveryDatabase('a list of Connec! whose pages lead to each other', (db) => {
  it('is given up in the end, and the run goes on', async () => {
    const world = openSharing(db);
    try {
      const shop = await world.shop('acme');
      const { instanceId } = await world.group(shop, 'cld-1');
      await world.settle();
      let asked = 0;
      shop.connec.trouble(({ method, path, query }) => {
        if (method !== 'GET' || !path.endsWith('/people') || asked >= 50) return undefined;
        asked += 1;
        const next = `${shop.connec.host}${path}?$skip=${query.get('$skip') === '7' ? 8 : 7}`;
        return { answer: JSON.stringify({ people: [], pagination: { next } }) };
      });
      const group = (await findGroup(world.ports, instanceId))!;
      const before = await findSynchronization(world.ports.lookups, group);
      const place = { phase: 'import', collection: 'people', url: '', top: 100, after: '' } as const;
      const late = { ...before, status: 'RUNNING', run: 'run', step: mostSteps - 3, place } as const;
      await world.run(async (tx) => {
        await putSynchronization(tx, group, late);
        await queueStep(tx, group, late);
      });
      expect((await world.tasks()).map(({ kind }) => kind)).toEqual([importTask]);
      await world.settle();
      expect(asked).toBe(4);
      expect((await world.sharing.status(instanceId))?.status).toBe('SUCCESS');
    } finally {
      await world.stop();
    }
  });
});
