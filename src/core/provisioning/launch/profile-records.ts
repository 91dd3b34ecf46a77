import {
  type ChannelRecord,
  type ChannelRecordKey,
  findChannelRecord,
  putChannelRecord,
} from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { cleanText } from './clean-text.js';
import type { LaunchFacts } from './facts.js';

export const groupProfileKind = 'launch:group';
export const launchProfileKind = 'launch:person';

type Data = Readonly<Record<string, unknown>>;

/** More than any marketplace says in one field; what is longer is cut. */
const mostText = 2_000;
/** What is kept as it came is whole or not there. */
const mostAttribute = 16_000;

/**
 * What the marketplace said of the group and the model has no word for, with what was taken over from it: so that a launch knows
 * what is new, and leaves alone what somebody here has changed since.
 */
export function groupProfileOf(facts: LaunchFacts): Data {
  const { groupProfile } = facts;
  return sorted({
    name: kept(facts.groupName),
    trialEndsAt: facts.trialEndsAt,
    email: kept(groupProfile.email),
    currency: kept(groupProfile.currency),
    timeZone: kept(groupProfile.timeZone),
    country: kept(groupProfile.country),
    city: kept(groupProfile.city),
    organizationUid: kept(groupProfile.organizationUid),
    resellerId: kept(groupProfile.resellerId),
    hasCreditCard: groupProfile.hasCreditCard,
  });
}

/**
 * The same of the person, with the role as the marketplace spells it, the company they typed and the reseller that opened their
 * session: what one person says is nothing about the group. A session token is no profile.
 */
export function launchProfileOf(facts: LaunchFacts): Data {
  const { reseller } = facts;
  const attributes = Object.entries(facts.attributes).filter(
    ([name, value]) => !/session/i.test(name) && value.length <= mostAttribute,
  );
  return sorted({
    userUid: facts.userUid,
    virtual: facts.virtual,
    role: kept(facts.role),
    email: kept(facts.email),
    country: kept(facts.country),
    companyName: kept(facts.companyName),
    attributes: sorted(Object.fromEntries(attributes)),
    ...(reseller !== null && {
      reseller: { country: kept(reseller.country), id: kept(reseller.id), name: kept(reseller.name) },
    }),
  });
}

export function groupProfileKey({ channelId, groupUid }: Place, instanceId: string): ChannelRecordKey {
  return { channelId, kind: groupProfileKind, parentId: instanceId, externalId: groupUid };
}

export function launchProfileKey({ channelId, userUid }: Person, instanceId: string): ChannelRecordKey {
  return { channelId, kind: launchProfileKind, parentId: instanceId, externalId: userUid };
}

interface Place {
  readonly channelId: string;
  readonly groupUid: string;
}

interface Person {
  readonly channelId: string;
  readonly userUid: string;
}

export interface KeptProfiles {
  readonly group: ChannelRecord | undefined;
  readonly person: ChannelRecord | undefined;
}

export async function findProfiles(tx: Unit, facts: LaunchFacts, instanceId: string): Promise<KeptProfiles> {
  return {
    group: await findChannelRecord(tx, groupProfileKey(facts, instanceId)),
    person: await findChannelRecord(tx, launchProfileKey(facts, instanceId)),
  };
}

/** Whether the last launch said the same. */
export function isKept(record: ChannelRecord | undefined, data: Data): boolean {
  return record !== undefined && JSON.stringify(sorted(record.data)) === JSON.stringify(data);
}

/** What was kept of the group before; undefined when nothing was. */
export async function keepGroupProfile(tx: Unit, facts: LaunchFacts, instanceId: string): Promise<Data | undefined> {
  return keep(tx, groupProfileKey(facts, instanceId), groupProfileOf(facts));
}

export async function keepLaunchProfile(tx: Unit, facts: LaunchFacts, instanceId: string): Promise<void> {
  await keep(tx, launchProfileKey(facts, instanceId), launchProfileOf(facts));
}

async function keep(tx: Unit, key: ChannelRecordKey, data: Data): Promise<Data | undefined> {
  const present = await findChannelRecord(tx, key);
  if (!isKept(present, data)) await putChannelRecord(tx, key, data);
  return present?.data;
}

/** Ended with what they are about; what comes later is a record of its own. */
export async function endProfiles(tx: Unit, seen: readonly ChannelRecord[]): Promise<void> {
  const locked = await tx.channelRecords.lockAll(seen.map(({ id }) => id));
  await tx.channelRecords.saveAll(
    locked.filter(({ endedAt }) => endedAt === null),
    ({ id }) => ({ endedAt: tx.now, liveKey: id }),
  );
}

function kept(text: string): string {
  return cleanText(text, mostText);
}

/** A database may keep the names of a JSON object in an order of its own. */
function sorted(data: Data): Data {
  return Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
}
