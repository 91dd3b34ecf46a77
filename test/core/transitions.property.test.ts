import fc from 'fast-check';
import { updateApplication } from '../../src/core/catalog/index.js';
import { configureChannel } from '../../src/core/marketplace/index.js';
import {
  activateObject,
  askApproval,
  configureInstance,
  deactivateObject,
  decideApproval,
  disableObject,
  enableObject,
  lockOutInstance,
  registerApplication,
  registerInstance,
  registerProvider,
  unlockInstance,
} from '../../src/core/provisioning/index.js';
import { stateOf } from '../../src/core/shared/lifecycle.js';
import { updateTenant } from '../../src/core/tenancy/index.js';
import { account } from '../servicelevels/support/stage.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';
import { operator, outcome, perform, system } from './support/hub.js';
import { type Ask, apply, asks, expected, type Kind, kinds, type Model, named } from './support/state-model.js';

interface Move {
  readonly kind: Kind;
  /** Which of the asks: those that change something come twice as often. */
  readonly at: number;
}
const move = fc.record<Move>({ kind: fc.constantFrom(...kinds), at: fc.nat() });

/** The ids of the three, whichever object has them now, and the last request of each. */
interface Game {
  readonly channelId: string;
  readonly externalId: string;
  readonly ids: Partial<Record<Kind, string>>;
  readonly requests: Map<string, string>;
}

/** Any order of commands on a provider, its application and its instance, against the table the states are tested with. */
onEveryDatabase('the states of what is registered', (db) => {
  let games = 0;

  it('change as the table says, whatever is asked and whoever holds', async () => {
    const { id: channelId } = await perform(db, system, (tx) =>
      configureChannel(tx, { name: 'prm', protocol: 'prm', settings: {} }),
    );
    const property = fc.asyncProperty(fc.array(move, { minLength: 60, maxLength: 120 }), async (moves) => {
      games += 1;
      const game: Game = { channelId, externalId: `sp-${games}`, ids: {}, requests: new Map() };
      const model: Model = {};
      for (const [step, { kind, at }] of moves.entries()) {
        const ask = choose(model, kind, at);
        if (ask === undefined) continue;
        const codes = expected(model, kind, ask);
        const answer = await play(db, game, kind, ask, `name ${step}`);
        expect([step, kind, ask, named(model[kind]), codes.includes(answer) ? codes : answer]).toEqual([
          step,
          kind,
          ask,
          named(model[kind]),
          codes,
        ]);
        if (answer === 'done') apply(model, kind, ask, `name ${step}`);
        await check(db, game, model, [step, kind, ask]);
      }
    });
    await fc.assert(property, { numRuns: db.dialect === 'sqlite' ? 25 : 3, endOnFailure: true });
  });
});

/** Of what can be asked at all; what leads somewhere is preferred, or most of it would be refused. */
function choose(model: Model, kind: Kind, at: number): Ask | undefined {
  const possible = asks.filter((ask) => {
    if (!ask.endsWith('lock')) return model[kind] !== undefined || ask === 'register';
    return kind === 'instance' && model[kind] !== undefined;
  });
  const fruitful = possible.filter((ask) => expected(model, kind, ask)[0] === 'done');
  const all = [...possible, ...fruitful, ...fruitful];
  return all[at % all.length];
}

async function play(db: TestDatabase, game: Game, kind: Kind, ask: Ask, name: string): Promise<string> {
  const op = account(game.channelId, 666);
  const run = (work: Parameters<typeof perform>[2], actor = op) => outcome(perform(db, actor, work));
  const id = game.ids[kind] ?? '';
  const target = { kind, id };
  switch (ask) {
    case 'register':
      return run(async (tx) => {
        const { channelId, externalId } = game;
        const given = { externalId, name, passwordHash: 'hash' };
        const made = {
          tenant: () => registerProvider(tx, { ...given, channelId }),
          application: () => registerApplication(tx, { ...given, tenantId: game.ids.tenant ?? '' }),
          instance: () => registerInstance(tx, { ...given, applicationId: game.ids.application ?? '' }),
        };
        game.ids[kind] = (await made[kind]()).id;
        game.requests.set(`${kind} register`, (await tx.approvals.findOne({ openKey: game.ids[kind]! }))!.id);
      });
    case 'request update':
    case 'request delete': {
      const approval = ask === 'request update' ? 'update' : 'delete';
      const proposed = approval === 'update' ? { proposed: { name } } : {};
      return run(async (tx) => {
        const asked = await askApproval(tx, { ...target, approval, ...proposed });
        game.requests.set(`${kind} ${approval}`, asked.id);
      });
    }
    case 'update': {
      const update = { tenant: updateTenant, application: updateApplication, instance: configureInstance }[kind];
      return run((tx) => update(tx, { id, name }));
    }
    case 'activate':
      return run((tx) => activateObject(tx, target));
    case 'deactivate':
      return run((tx) => deactivateObject(tx, target));
    case 'hold':
      return run((tx) => disableObject(tx, { ...target, as: 'billing' }), operator());
    case 'release':
      return run((tx) => enableObject(tx, { ...target, as: 'billing' }), operator());
    case 'lock':
      return run((tx) => lockOutInstance(tx, { id }), system);
    case 'unlock':
      return run((tx) => unlockInstance(tx, { id }));
    default: {
      const [answer, request] = ask.split(' ');
      // one that was answered before, too: also then the state is wrong
      const approvalId = game.requests.get(`${kind} ${request}`);
      if (approvalId === undefined) return 'wrong_state';
      return run((tx) => decideApproval(tx, { id: approvalId, approve: answer === 'approve' }));
    }
  }
}

async function check(db: TestDatabase, game: Game, model: Model, after: unknown): Promise<void> {
  await perform(db, system, async (tx) => {
    const rows = { tenant: tx.tenants, application: tx.applications, instance: tx.instances };
    for (const kind of kinds) {
      const id = game.ids[kind];
      if (id === undefined) continue;
      const row = (await rows[kind].find(id))!;
      const thing = model[kind];
      const open = await tx.approvals.count({ objectId: id, status: 'OPEN' });
      const refs = await tx.externalRefs.count({ targetId: id, liveKey: '0' });
      const state = thing === undefined ? 'TERMINATED' : named(thing);
      const requests = thing === undefined || thing.pending === '' ? 0 : 1;
      const name = thing === undefined ? row.name : thing.name;
      expect([after, kind, stateOf(row), row.name, row.pending, open, refs]).toEqual([
        after,
        kind,
        state,
        name,
        thing?.pending ?? '',
        requests,
        thing === undefined ? 0 : 1,
      ]);
    }
  });
}
