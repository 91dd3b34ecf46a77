import type { Membership } from '../../../core/identity/index.js';
import { lockChannelRecord, putChannelRecord } from '../../../core/marketplace/index.js';
import type { Instance } from '../../../core/provisioning/index.js';
import type { Unit } from '../../../core/repositories.js';
import type { Hold } from '../../../core/shared/lifecycle.js';
import type { NecCall } from './context.js';
import { type Ledger, noCycle, type RealmFacts, type Seen, settle, type UserFacts } from './ledger.js';

const realmRecord = 'nec.disable-cycle';
const userRecord = 'nec.user-disable';
const everyMember = 1_000_000;

/** The ledger as it is kept, with the facts of the moment. */
export interface CycleState {
  readonly ledger: Ledger;
  readonly facts: RealmFacts;
  /** A member last seen held: while that is so, nobody else has to be looked at. */
  readonly witness: string;
}

/** Reads a realm's cycle and the facts that decide it; the realm's customer must be locked. */
export async function readCycle(tx: Unit, call: NecCall, instance: Instance): Promise<CycleState> {
  const record = await lockChannelRecord(tx, keyOf(call, instance));
  const ledger = record === undefined ? noCycle : ledgerIn(record.data);
  const realmHeld = holds(call, instance.holds);
  const before = typeof record?.data.witness === 'string' ? record.data.witness : '';
  // a held realm keeps the cycle open whatever its users are, and a closed one has no held users
  const witness = ledger.open && !realmHeld ? await findWitness(tx, call, instance, before) : before;
  const hasUsers = (await tx.memberships.count({ instanceId: instance.id, liveKey: '0' })) > 0;
  const facts = { realmHeld, anyUserHeld: witness !== '' && ledger.open && !realmHeld, hasUsers };
  return { ledger: settle(ledger, facts), facts, witness };
}

export async function writeCycle(
  tx: Unit,
  call: NecCall,
  instance: Instance,
  ledger: Ledger,
  witness: string,
): Promise<void> {
  await putChannelRecord(tx, keyOf(call, instance), { ...ledger, witness });
}

/** When the user was last disabled here, and whether they still are. */
export async function readUser(
  tx: Unit,
  call: NecCall,
  instance: Instance,
  membership: Membership,
): Promise<UserFacts> {
  const record = await tx.channelRecords.findOne(userKeyOf(call, instance, membership));
  const cycle = record?.data.cycle;
  return { held: holds(call, membership.holds), lastCycle: typeof cycle === 'number' ? cycle : 0 };
}

export async function markUser(
  tx: Unit,
  call: NecCall,
  instance: Instance,
  membership: Membership,
  cycle: number,
): Promise<void> {
  await putChannelRecord(tx, userKeyOf(call, instance, membership), { cycle });
}

function holds(call: NecCall, held: readonly Hold[]): boolean {
  return held.some((hold) => hold.authority === 'marketplace' && hold.channelId === call.channel.id);
}

/**
 * Some member held by this channel, or ''. Out of the middle, so that marketplaces that enable one after the other, in whatever
 * order, make us look through all members a few times and not each time.
 */
async function findWitness(tx: Unit, call: NecCall, instance: Instance, before: string): Promise<string> {
  const last = before === '' ? undefined : await tx.memberships.find(before);
  if (last && last.terminatedAt === null && holds(call, last.holds)) return last.id;
  const members = await tx.memberships.findMany({ instanceId: instance.id, liveKey: '0' }, everyMember);
  const held = members.filter((member) => holds(call, member.holds));
  return held[Math.floor(held.length / 2)]?.id ?? '';
}

function keyOf(call: NecCall, { id }: Instance) {
  return { channelId: call.channel.id, kind: realmRecord, parentId: id, externalId: 'latest' };
}

function userKeyOf(call: NecCall, { id }: Instance, membership: Membership) {
  return { channelId: call.channel.id, kind: userRecord, parentId: id, externalId: membership.id };
}

function ledgerIn(data: Readonly<Record<string, unknown>>): Ledger {
  const { cycle, open, userDisableSeen, realmDisableSeen, waived } = data;
  return {
    cycle: typeof cycle === 'number' ? cycle : 0,
    open: open === true,
    userDisableSeen: seenIn(userDisableSeen),
    realmDisableSeen: seenIn(realmDisableSeen),
    waived: waived === true,
  };
}

function seenIn(value: unknown): Seen | null {
  if (typeof value !== 'object' || value === null) return null;
  const { at, dialect } = value as { at?: unknown; dialect?: unknown };
  return typeof at === 'string' && (dialect === '4.2' || dialect === '4.3') ? { at, dialect } : null;
}
