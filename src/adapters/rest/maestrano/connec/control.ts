import { createTransport } from '../account/transport.js';
import { beginRun } from './begin-run.js';
import { findGroup, inUnit, type SharingGroup, type SharingPorts } from './group.js';
import { isObject, type JsonObject, valueAt } from './paths.js';
import {
  type Counts,
  findSynchronization,
  lockSynchronization,
  putSynchronization,
  type Synchronization,
} from './synchronization.js';

/** How data sharing with a group stands, as a marketplace may ask (spec Maestrano 1.8.6). */
export interface SharingStatus {
  readonly groupUid: string;
  readonly enabled: boolean;
  /** DISABLED: switched off, or nothing has been shared yet. */
  readonly status: 'RUNNING' | 'SUCCESS' | 'FAILED' | 'DISABLED';
  /** Why it failed; ''. */
  readonly message: string;
  /** Null before anything happened. */
  readonly updatedAt: string | null;
  readonly counts: Counts;
}

/** Undefined everywhere = the instance has ended, or shares nothing with a marketplace. */
export interface SharingControl {
  status(instanceId: string): Promise<SharingStatus | undefined>;
  /** Begins a run unless one goes on or sharing is switched off; `all` asks for everything, not only for what changed. */
  start(instanceId: string, all?: boolean): Promise<SharingStatus | undefined>;
  /** Switches sharing off or on; on again, what was missed is taken over and told. */
  toggle(instanceId: string): Promise<SharingStatus | undefined>;
  /** Asks the marketplace which directions it allows for the group. Throws when it cannot be asked. */
  updateMetadata(instanceId: string): Promise<SharingStatus | undefined>;
}

export function createControl(ports: SharingPorts): SharingControl {
  return {
    async status(instanceId) {
      const group = await findGroup(ports, instanceId);
      return group === undefined ? undefined : shown(group, await findSynchronization(ports.lookups, group));
    },
    async start(instanceId, all = false) {
      const group = await findGroup(ports, instanceId);
      if (group === undefined) return undefined;
      return shown(group, await inUnit(ports, group, 'start', (tx) => beginRun(tx, group, all)));
    },
    async toggle(instanceId) {
      const group = await findGroup(ports, instanceId);
      if (group === undefined) return undefined;
      const state = await inUnit(ports, group, 'toggle', async (tx) => {
        const before = await lockSynchronization(tx, group);
        const enabled = !before.enabled;
        // a run that goes on ends here: what it has not done yet is done when sharing is switched on again
        const status = before.status === 'RUNNING' ? 'FAILED' : before.status;
        await putSynchronization(tx, group, { ...before, enabled, status, place: null, step: before.step + 1 });
        return enabled ? beginRun(tx, group) : lockSynchronization(tx, group);
      });
      return shown(group, state);
    },
    async updateMetadata(instanceId) {
      const group = await findGroup(ports, instanceId);
      if (group === undefined) return undefined;
      const metadata = await askMetadata(ports, group);
      const state = await inUnit(ports, group, 'updateMetadata', async (tx) => {
        const before = await lockSynchronization(tx, group);
        const pullDisabled = metadata.pull_disabled === true;
        const pushDisabled = metadata.push_disabled === true;
        await putSynchronization(tx, group, { ...before, pullDisabled, pushDisabled });
        return lockSynchronization(tx, group);
      });
      return shown(group, state);
    },
  };
}

/** Which directions the marketplace allows, as its account API has it of the group (spec Maestrano 1.7). */
async function askMetadata(ports: SharingPorts, { channel, connection, uid }: SharingGroup): Promise<JsonObject> {
  const ask = createTransport(ports, channel.id, connection);
  const data = await ask({ method: 'GET', path: `account/groups/${encodeURIComponent(uid)}` });
  const metadata = isObject(data) ? valueAt(data, 'metadata') : undefined;
  return isObject(metadata) ? metadata : {};
}

function shown({ uid }: SharingGroup, state: Synchronization): SharingStatus {
  const { enabled, message, changedAt, counts } = state;
  const status = !enabled || state.status === 'IDLE' ? 'DISABLED' : state.status;
  return { groupUid: uid, enabled, status, message, updatedAt: changedAt, counts };
}
