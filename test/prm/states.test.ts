import { readFileSync } from 'node:fs';
import { onEveryDialect } from '../support/databases.js';
import { type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { type Entity, type Names, type State, stage } from './support/stage.js';

interface Cell {
  readonly result: string;
}
interface Row {
  readonly op: string;
  readonly roles: readonly ('anonymous' | 'sp' | 'op' | 'system')[];
  readonly cells: Readonly<Record<string, Cell>>;
}
const table: { readonly entities: Readonly<Record<Entity, { readonly rows: readonly Row[] }>> } = JSON.parse(
  readFileSync(new URL('states.json', import.meta.url), 'utf8'),
);

const cells = Object.entries(table.entities).flatMap(([entity, { rows }]) =>
  rows.flatMap((row) =>
    Object.entries(row.cells).flatMap(([state, { result }]) => ({ entity: entity as Entity, row, state, result })),
  ),
);
/** The row of failed traffic logins is for the gateway check (test/traffic). */
const overSoap = cells.filter(({ row }) => !row.roles.includes('system'));

onEveryDialect('the transition table', (dialect) => {
  let hub: PrmHub;
  let scene: ReturnType<typeof stage>;
  beforeAll(async () => {
    hub = await startPrmHub(dialect);
    scene = stage(hub);
  });
  afterAll(() => hub.close());

  it('has 344 cells, 337 of them over SOAP', () => {
    expect([cells.length, overSoap.length]).toEqual([344, 337]);
  });

  for (const { entity, row, state, result } of overSoap) {
    it(`${row.op} from ${state}: ${result}`, async () => {
      hub.clock.advance(3_700_000); // neither refusals nor applications of other cells count
      for (const role of row.roles) {
        const { sp, app, inst } = scene.names();
        const unique = `${entity}-${row.op}-${state}-${role}`.replaceAll(/[^\w-]/g, '_');
        // what is above it is the same for all: it stays ACTIVE whatever becomes of the one below
        const names: Names = {
          sp: entity === 'SpAccount' ? `${sp}-${unique}` : 'sp-of-many',
          app: entity === 'AppInstGroup' ? 'app-of-many' : app,
          inst,
        };
        const before = state === '(none)' ? null : (state as State);
        await scene.bring(entity, before, names);
        const reply = await ask(hub, scene, entity, row.op, role as 'sp' | 'op' | 'anonymous', names);
        const after = await scene.stateOf(entity, names);
        const name = after === null ? undefined : await scene.nameOf(entity, names);
        expect({ fault: reply.fault, after, name }).toEqual(outcome(result, before, row.op));
        if (reply.fault === 'INVALID_STATE') expect(reply.text).toMatch(new RegExp(`currentState>${before}</`));
      }
    });
  }
});

/** What a cell says of the fault, the state after, and whose data hold. */
function outcome(result: string, before: State | null, op: string) {
  const direct = /\.update(SpAccount|AppAccount|AppInstGroup)$/.test(op);
  const same = { fault: undefined, after: before, name: direct ? 'Third' : 'First' };
  if (['INVALID_STATE', 'CommonException', 'ACCESS_DENIED'].includes(result)) {
    return { fault: result, after: before, name: before === null ? undefined : 'First' };
  }
  if (result === '=') return same;
  if (result === '(deleted)') return { fault: undefined, after: null, name: undefined };
  const [, state, data] = /^(\w+)(?: \((new|old) data\))?$/.exec(result)!;
  const registers = op.includes('.register') && op.endsWith('Req');
  return { fault: undefined, after: state, name: data === 'new' ? 'Second' : registers ? 'Third' : 'First' };
}

async function ask(
  hub: PrmHub,
  scene: ReturnType<typeof stage>,
  entity: Entity,
  row: string,
  role: 'sp' | 'op' | 'anonymous',
  names: Names,
) {
  const [path, response] = row.split(' ');
  const [first, second] = path!.split('.');
  const operation = second ?? first!;
  const service = second === undefined ? { sp: 'SpService', op: 'OpService', anonymous: 'SpLogin' }[role] : first!;
  const side = service === 'OpService' ? 'op' : 'sp';
  const call = { sp: scene.sp(names), op: hub.op('writer'), anonymous: hub.stranger() }[role];
  const registers = operation.startsWith('register') && operation.endsWith('Req');
  const input = {
    ...(service === 'SpLogin' ? { spAccountId: names.sp } : scene.ids(names, entity, side)),
    ...(registers || /^update\w+?(Req)?$/.test(operation)
      ? response === undefined
        ? scene.bean(entity, side, updating(operation))
        : {}
      : {}),
    ...(registers && entity !== 'AppAccount' && { password: providerPassword }),
    ...(operation === 'registerSpAccountRes' && { spGroupId: 'gold', spAccountRef: 'R' }),
    ...(operation === 'registerAppAccountRes' && { appGroupId: 'silver', appAccountRef: 'R' }),
    ...(operation === 'registerAppInstGroupRes' && { appInstGroupRef: 'R' }),
    ...(operation === 'setAppInstGroupPassword' && { newPassword: 'another-1' }),
    ...(response !== undefined && { response }),
  };
  return call(service, operation, input);
}

/** A request proposes Second (it is what the approved ones write); what applies at once writes Third. */
function updating(operation: string): string {
  return operation.endsWith('Req') && operation.startsWith('update') ? 'Second' : 'Third';
}
