import { onEveryDialect } from '../support/databases.js';
import { type ForeignClient, foreignClients, startForeignClient } from './support/foreign-client.js';
import { type PrmHub, startPrmHub } from './support/hub.js';
import { operations } from './support/operations.js';
import { openApplications, openInstances } from './tour/applications.js';
import { closeEverything, stopAndGoOn } from './tour/closing.js';
import { openProvider, useProvider } from './tour/opening.js';
import { beRefused, beRefusedWhileActive, callWithSoap12, impossible } from './tour/refusals.js';
import { readUsage } from './tour/usage.js';
import { beginVisit, declaredFaults, type Visit } from './tour/visit.js';

const channelOf = (client: string): string => client.toLowerCase().replaceAll(/\W/g, '-');

onEveryDialect("other people's SOAP libraries against the served WSDLs", (dialect) => {
  let hub: PrmHub;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, Object.fromEntries(foreignClients.map(([name]) => [channelOf(name), {}])));
    // foreign clients tell the time themselves
    hub.clock.set(new Date().toISOString());
  });
  afterAll(() => hub.close());

  describe.each(foreignClients)('%s', (name, command, script, typesFaults) => {
    let client: ForeignClient;
    let visit: Visit;
    beforeAll(() => {
      client = startForeignClient(command, script, hub.base(channelOf(name)));
      visit = beginVisit(hub, client, channelOf(name), typesFaults);
    });
    afterAll(() => client.close());

    it('registers a provider and groups, and admits it', () => openProvider(visit));
    it('changes the provider, its pending data and its passwords', () => useProvider(visit));
    it('registers, changes and moves applications', () => openApplications(visit));
    it('registers, changes, locks and unlocks instances', () => openInstances(visit));
    it('reads records with 64-bit ids, statistics and alarms', () => readUsage(visit));
    it('decodes ACCESS_DENIED and CommonException of every operation', () => beRefused(visit));
    it('decodes INVALID_STATE with the state', () => beRefusedWhileActive(visit));
    it('does the same over SOAP 1.2 and with password digests', () => callWithSoap12(visit));
    it('stops every level and lets it go on', () => stopAndGoOn(visit));
    it('deletes everything from the inside out', () => closeEverything(visit));

    it('has called all 98 operations and decoded every fault they declare', () => {
      expect(operations).toHaveLength(98);
      expect([...visit.called].sort()).toEqual(operations.map(({ fullName }) => fullName).sort());
      expect([...visit.faults, ...impossible].sort()).toEqual([...declaredFaults].sort());
    });
  });

  it('leaves nothing in the log that somebody must look at', () => {
    expect(hub.logged()).not.toMatch(/"level":(50|60)/);
  });
});
