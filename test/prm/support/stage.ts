import { lockOutInstance } from '../../../src/core/provisioning/index.js';
import type { Bean, Call, Reply } from './caller.js';
import { type PrmHub, providerPassword } from './hub.js';

export type Entity = 'SpAccount' | 'AppAccount' | 'AppInstGroup';
export const states = ['REGISTERED', 'ACTIVE', 'INACTIVE', 'UPDATE_PENDING', 'DELETE_PENDING', 'LOCKED'] as const;
export type State = (typeof states)[number];

/** Throws unless the call went through. */
export async function done(reply: Promise<Reply>): Promise<Reply> {
  const answer = await reply;
  if (answer.fault !== undefined) throw new Error(`${answer.fault}: ${answer.faultText}`);
  return answer;
}

export interface Names {
  readonly sp: string;
  readonly app: string;
  readonly inst: string;
}

/** Brings providers, applications and instances where a test wants them, by the operations that lead there. */
export function stage(hub: PrmHub) {
  const op = hub.op();
  let made = 0;
  let grouped = false;
  /** What this scene made ACTIVE above something, by its ids. */
  const above = new Set<string>();

  const ids = ({ sp, app, inst }: Names, entity: Entity, side: 'sp' | 'op'): Bean => ({
    ...(side === 'op' && { spAccountId: sp }),
    ...(entity !== 'SpAccount' && { appAccountId: app }),
    ...(entity === 'AppInstGroup' && { appInstGroupId: inst }),
  });

  async function groups(): Promise<void> {
    if (grouped) return;
    grouped = true;
    const present = await done(op('OpService', 'listSpGroups'));
    if (present.values.includes('gold')) return;
    await done(op('OpService', 'createSpGroup', { spGroupId: 'gold', spGroup: { sla: '<Sla/>' } }));
    await done(op('OpService', 'createAppGroup', { appGroupId: 'silver', appGroup: { sla: '<Sla/>' } }));
  }

  /** The bean of an entity, in the spelling of a side. */
  function bean(entity: Entity, side: 'sp' | 'op', name: string): Bean {
    const field = side === 'sp' ? 'Name' : 'name';
    if (entity === 'SpAccount') return { spAccount: { [field]: name } };
    if (entity === 'AppInstGroup') return { appInstGroup: { [field]: name } };
    return side === 'sp' ? { app: { [field]: name } } : { appAccount: { [field]: name } };
  }

  async function register(entity: Entity, names: Names): Promise<void> {
    const password = entity === 'AppAccount' ? {} : { password: providerPassword };
    const input = { ...ids(names, entity, 'op'), ...bean(entity, 'op', 'First'), ...password };
    await done(op('OpService', `register${entity}Req`, input));
  }

  async function approve(entity: Entity, names: Names): Promise<void> {
    const answer = {
      SpAccount: { spGroupId: 'gold', spAccountRef: 'R-1' },
      AppAccount: { appGroupId: 'silver', appAccountRef: 'R-2' },
      AppInstGroup: { appInstGroupRef: 'R-3' },
    }[entity];
    const input = { ...ids(names, entity, 'op'), ...answer, response: 'APPROVE' };
    await done(op('OpService', `register${entity}Res`, input));
  }

  async function lock(names: Names): Promise<void> {
    const { registry } = hub.persistence.readers;
    const instance = await registry.instance(hub.channelId(), names.sp, names.app, names.inst);
    await hub.model((tx) => lockOutInstance(tx, { id: instance!.id }));
  }

  return {
    op,
    sp: (names: Names): Call => hub.sp(names.sp),
    ids,
    bean,
    names(): Names {
      made += 1;
      return { sp: `sp-${made}`, app: `app-${made}`, inst: `inst-${made}` };
    },
    lock,
    /** Everything above the entity ACTIVE, and the entity in the state; null = not there. */
    async bring(entity: Entity, state: State | null, names: Names): Promise<void> {
      await groups();
      const order: Entity[] = ['SpAccount', 'AppAccount', 'AppInstGroup'];
      for (const parent of order.slice(0, order.indexOf(entity))) {
        const key = JSON.stringify(ids(names, parent, 'op'));
        if (above.has(key)) continue;
        await register(parent, names);
        await approve(parent, names);
        above.add(key);
      }
      if (state === null) return;
      await register(entity, names);
      if (state === 'REGISTERED') return;
      await approve(entity, names);
      const own = ids(names, entity, 'op');
      if (state === 'INACTIVE' || state === 'DELETE_PENDING') await done(op('OpService', `deactivate${entity}`, own));
      if (state === 'DELETE_PENDING') await done(op('OpService', `delete${entity}Req`, own));
      if (state === 'UPDATE_PENDING') {
        const input = { ...ids(names, entity, 'sp'), ...bean(entity, 'sp', 'Second') };
        await done(hub.sp(names.sp)('SpService', `update${entity}Req`, input));
      }
      if (state === 'LOCKED') await lock(names);
    },
    /** Null when it is not there. */
    async stateOf(entity: Entity, names: Names): Promise<string | null> {
      const reply = await op('OpService', `get${entity}State`, ids(names, entity, 'op'));
      return reply.fault === 'CommonException' ? null : (reply.value ?? '(nil)');
    },
    async nameOf(entity: Entity, names: Names): Promise<string | undefined> {
      const reply = await op('OpService', `get${entity}`, ids(names, entity, 'op'));
      return reply.returns[0]?.children.find(({ local }) => local === 'name')?.text;
    },
  };
}
