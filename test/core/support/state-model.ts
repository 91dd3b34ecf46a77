import { readFileSync } from 'node:fs';

export const kinds = ['tenant', 'application', 'instance'] as const;
export type Kind = (typeof kinds)[number];

/** What is asked in the game: the operations of the table, and what others do beside it. */
export const asks = [
  'register',
  'approve register',
  'disapprove register',
  'request update',
  'approve update',
  'disapprove update',
  'update',
  'activate',
  'deactivate',
  'request delete',
  'approve delete',
  'disapprove delete',
  'lock',
  'unlock',
  'hold',
  'release',
] as const;
export type Ask = (typeof asks)[number];

/** What the model remembers of one object. */
export interface Thing {
  pending: '' | 'register' | 'update' | 'delete';
  /** Deactivated on its channel. */
  stopped: boolean;
  /** Held by billing, which the table knows nothing of. */
  held: boolean;
  locked: boolean;
  name: string;
  proposed: string;
}
export type Model = Partial<Record<Kind, Thing>>;

interface Table {
  readonly entities: Readonly<Record<string, { readonly rows: readonly Row[] }>>;
}
interface Row {
  readonly op: string;
  readonly cells: Readonly<Record<string, { readonly result: string } | undefined>>;
}
const states = JSON.parse(readFileSync(new URL('../../prm/states.json', import.meta.url), 'utf8')) as Table;

const beans = { tenant: 'SpAccount', application: 'AppAccount', instance: 'AppInstGroup' } as const;
const operations: Partial<Record<Ask, (bean: string) => string>> = {
  register: (bean) => `OpService.register${bean}Req`,
  'request update': (bean) => `SpService.update${bean}Req`,
  update: (bean) => `OpService.update${bean}`,
  activate: (bean) => `OpService.activate${bean}`,
  deactivate: (bean) => `OpService.deactivate${bean}`,
  'request delete': (bean) => `OpService.delete${bean}Req`,
  unlock: () => 'OpService.unlockAppInstGroup',
  lock: () => 'traffic: too many failed logins',
};

/** The cell of the table of the PRM guide: what it says of the operation in that state. */
function cell(kind: Kind, ask: Ask, state: string): string {
  const [answer = '', request = ''] = ask.split(' ');
  const name = operations[ask]?.(beans[kind]) ?? `OpService.${request}${beans[kind]}Res ${answer.toUpperCase()}`;
  const found = states.entities[beans[kind]]?.rows.find(({ op }) => op === name)?.cells[state];
  if (found === undefined) throw new Error(`the table has no ${name} in ${state}`);
  return found.result;
}

/** The state as people name it. */
export function named(thing: Thing | undefined): string {
  if (thing === undefined) return '(none)';
  const { pending, locked, stopped, held } = thing;
  if (pending === 'register') return 'REGISTERED';
  if (pending === 'delete') return 'DELETE_PENDING';
  if (locked) return 'LOCKED';
  if (stopped || held) return 'INACTIVE';
  return pending === 'update' ? 'UPDATE_PENDING' : 'ACTIVE';
}

const below: Partial<Record<Kind, Kind>> = { tenant: 'application', application: 'instance' };
const above: Partial<Record<Kind, Kind>> = { application: 'tenant', instance: 'application' };
const isLive = (thing: Thing | undefined): boolean => ['ACTIVE', 'UPDATE_PENDING'].includes(named(thing));

/** INVALID_STATE, as the core says it. */
export const wrongState = ['wrong_state', 'approval_open', 'holds_remain'];

/** The codes one of which the core must answer with. */
export function expected(model: Model, kind: Kind, ask: Ask): readonly string[] {
  const thing = model[kind];
  const state = named(thing);
  if (ask === 'hold') return ['done'];
  if (ask === 'release') {
    if (state === 'DELETE_PENDING') return wrongState;
    return thing!.held || !thing!.stopped ? ['done'] : wrongState;
  }
  const parent = above[kind];
  if (ask === 'register' && parent !== undefined && !isLive(model[parent])) {
    return model[parent] === undefined ? ['not_found', 'terminated'] : wrongState;
  }
  const isUnderHold = thing?.pending === 'update' && state === 'INACTIVE';
  if (isUnderHold && ask.endsWith('approve update')) return ['done'];
  if (isUnderHold && ['update', 'request update', 'request delete'].includes(ask)) return wrongState;
  if (ask === 'activate' && state === 'INACTIVE' && !thing!.stopped) return wrongState;
  const result = cell(kind, ask, state);
  if (result === 'CommonException') return ask === 'unlock' ? wrongState : ['external_id_taken', 'already_exists'];
  if (result === 'INVALID_STATE' || result === 'ACCESS_DENIED') return wrongState;
  const child = below[kind];
  const ends = ask === 'request delete' || ask === 'approve delete';
  return ends && child !== undefined && model[child] !== undefined ? ['in_use'] : ['done'];
}

/** What has become of it, once the core has done it. */
export function apply(model: Model, kind: Kind, ask: Ask, text: string): void {
  if (ask === 'register') {
    model[kind] = { pending: 'register', stopped: false, held: false, locked: false, name: text, proposed: '' };
    return;
  }
  const thing = model[kind]!;
  const { pending } = thing;
  const [answer, request] = ask.split(' ');
  if (answer === 'approve' || answer === 'disapprove') {
    thing.pending = '';
    if (ask === 'approve update') thing.name = thing.proposed;
    if ((answer === 'approve') === (pending === 'delete') && pending !== 'update') delete model[kind];
    return;
  }
  if (answer === 'request') thing.pending = request as Thing['pending'];
  if (ask === 'request update') thing.proposed = text;
  if (ask === 'update') thing.name = text;
  if (ask === 'activate') thing.stopped = false;
  if (ask === 'deactivate') thing.stopped = true;
  if (ask === 'hold' || ask === 'release') thing.held = ask === 'hold';
  if (ask === 'lock') thing.locked ||= isLive(thing);
  if (ask === 'unlock') thing.locked = false;
}
