import type { OpenIdStore, Revocation, SigningKey, SigningKeyStore } from '../../../src/adapters/sso/index.js';
import type { Chain, ChainQuestion } from '../../../src/core/access/index.js';
import type { Throttles } from '../../../src/core/identity/index.js';
import type { Unit, Units } from '../../../src/core/repositories.js';
import { type Clock, shift, toMilliseconds } from '../../../src/core/shared/clock.js';
import { DomainError } from '../../../src/core/shared/errors.js';
import type { DomainEvent, PublishedEvent } from '../../../src/core/shared/events.js';
import type { Match, Repository, Stored } from '../../../src/core/shared/repository.js';
import { createIds } from '../../../src/platform/ids.js';

type Row = Stored & Record<string, unknown>;
const repositories = [
  'users',
  'userEmails',
  'memberships',
  'loginTokens',
  'sessions',
  'clientSessions',
  'clients',
  'identityProviders',
  'tenants',
  'applications',
  'licenseTypes',
  'plans',
  'instances',
  'licenses',
  'subscriptions',
] as const;
type Name = (typeof repositories)[number];

/** The hub's data in memory: units run one after another and leave nothing behind when they throw. */
export function memoryHub(clock: Clock) {
  const ids = createIds(clock);
  let tables = new Map<Name, Map<string, Row>>(repositories.map((name) => [name, new Map()]));
  let artifacts = new Map<string, Record<string, unknown> & { model: string; id: string }>();
  let queue: Promise<unknown> = Promise.resolve();
  const events: PublishedEvent[] = [];
  const notes: unknown[] = [];
  const listeners: ((revocations: Revocation[]) => void)[] = [];

  function repository(name: Name): Repository<Row> {
    const rows = () => tables.get(name)!;
    const matches = (row: Row, match: Match<Row>) => Object.entries(match).every(([key, value]) => row[key] === value);
    const findMany = async (match: Match<Row>, limit = 10_000) =>
      [...rows().values()]
        .filter((row) => matches(row, match))
        .sort((a, b) => a.id.localeCompare(b.id))
        .slice(0, limit);
    const save = async (before: Row, change: Partial<Row>): Promise<Row> => {
      const row = rows().get(before.id)!;
      if (row.version !== before.version) throw new DomainError('version_conflict', { kind: name });
      const after = { ...row, ...change, version: row.version + 1 };
      rows().set(row.id, after);
      return after;
    };
    return {
      find: async (id) => rows().get(id),
      lock: async (id) => rows().get(id),
      rely: async (id) => (rows().has(id) ? save(rows().get(id)!, {}) : undefined),
      findOne: async (match) => (await findMany(match, 1))[0],
      findMany,
      count: async (match) => (await findMany(match)).length,
      insert: async (row) => {
        const stored = { ...row, version: 1 } as Row;
        rows().set(stored.id, stored);
        return stored;
      },
      save,
    };
  }

  const all = Object.fromEntries(repositories.map((name) => [name, repository(name)])) as unknown as Unit;

  async function chainsOf(userId: string): Promise<Chain[]> {
    const user = await all.users.find(userId);
    const chains: Chain[] = [];
    for (const membership of await all.memberships.findMany({ userId, terminatedAt: null })) {
      const instance = await all.instances.find(membership.instanceId);
      const licenses = await all.licenses.findMany({ userId, instanceId: membership.instanceId, releasedAt: null });
      const applicationId = instance?.applicationId ?? licenses[0]?.applicationId ?? '';
      const application = await all.applications.find(applicationId);
      const tenant = await all.tenants.find(membership.tenantId);
      if (!user || !application || !tenant) continue;
      const [subscription] = instance ? await all.subscriptions.findMany({ instanceId: instance.id }) : [];
      const types = await Promise.all(licenses.map((license) => all.licenseTypes.find(license.licenseTypeId)));
      chains.push({
        ownerTenant: null,
        application,
        applicationId,
        tenantId: tenant.id,
        lineage: [tenant],
        instance: instance ?? null,
        subscription: subscription ?? null,
        user,
        membership,
        licenseTypes: types.map((type) => type!.code),
      });
    }
    return chains;
  }

  const load = async ({ userId, applicationId, instanceId }: ChainQuestion) =>
    (await chainsOf(userId)).filter(
      (chain) => chain.applicationId === applicationId && (instanceId === '' || chain.instance?.id === instanceId),
    );

  const units: Units = {
    run(actor, command, work) {
      const turn = queue.then(async () => {
        const before = new Map([...tables].map(([name, rows]) => [name, new Map(rows)]));
        const artifactsBefore = new Map(artifacts);
        const emitted: DomainEvent[] = [];
        const revoked: Revocation[] = [];
        const now = clock.now();
        const tx = {
          ...all,
          actor,
          command,
          now,
          ids,
          emit: (event: DomainEvent) => emitted.push(event),
          note: (note: unknown) => notes.push(note),
          chains: { load },
          tenantTree: { isWithin: async (id: string, roots: readonly string[]) => roots.includes(id) },
          tokenRevocations: {
            revoke: async ({ kind, id, clientIds }: { kind: string; id: string; clientIds?: readonly string[] }) => {
              const field = { user: 'accountId', client: 'clientId', session: 'sessionUid' }[kind] ?? '';
              for (const [key, row] of artifacts) {
                const mine = row[field] === id && (clientIds?.includes(String(row.clientId)) ?? true);
                if (!mine) continue;
                artifacts.delete(key);
                if (row.grantId) artifacts.delete(`Grant/${row.grantId}`);
              }
              revoked.push({ kind, id });
            },
          },
        } as unknown as Unit;
        try {
          const answer = await work(tx);
          for (const event of emitted) {
            events.push({ ...event, id: ids.next('event'), sequence: events.length + 1, at: now });
          }
          for (const listener of listeners) listener(revoked);
          return answer;
        } catch (error) {
          tables = before;
          artifacts = artifactsBefore;
          throw error;
        }
      });
      queue = turn.catch(() => {});
      return turn;
    },
  };

  const openIds: OpenIdStore = {
    upsert: async (model, id, payload) => void artifacts.set(`${model}/${id}`, { ...payload, model, id }),
    find: async (model, id) => artifacts.get(`${model}/${id}`),
    findByUid: async (model, uid) => [...artifacts.values()].find((row) => row.model === model && row.uid === uid),
    findByUserCode: async () => undefined,
    consume: async (model, id) => {
      const row = artifacts.get(`${model}/${id}`);
      if (!row || row.consumed) return false;
      artifacts.set(`${model}/${id}`, { ...row, consumed: 1 });
      return true;
    },
    destroy: async (model, id) => void artifacts.delete(`${model}/${id}`),
    revokeByGrantId: async (grantId) => {
      artifacts.delete(`Grant/${grantId}`);
      for (const [key, row] of artifacts) if (row.grantId === grantId) artifacts.delete(key);
    },
  };

  const keys = new Map<string, SigningKey>();
  const signingKeys: SigningKeyStore = {
    list: async () => [...keys.values()],
    add: async (key) => void keys.set(key.kid, key),
    ensure: async (key) => {
      if (keys.size === 0) keys.set(key.kid, key);
      return [...keys.values()];
    },
    retire: async (kid, at) => void keys.set(kid, { ...keys.get(kid)!, retiredAt: at }),
    remove: async (kid) => void keys.delete(kid),
  };

  return {
    units,
    ids,
    events,
    notes,
    openIds,
    signingKeys,
    artifacts: () => [...artifacts.values()],
    readers: { chainsOfUser: { load: chainsOf } },
    throttles: memoryThrottles(clock),
    onRevoked: (listener: (revocations: Revocation[]) => void) => listeners.push(listener),
  };
}

function memoryThrottles(clock: Clock): Throttles {
  const rows = new Map<string, { failures: number; endsAt: string; blockedUntil: string | null }>();
  return {
    async blockedUntil(key) {
      const until = rows.get(key)?.blockedUntil ?? null;
      return until !== null && until > clock.now() ? until : null;
    },
    async fail(key, rule) {
      const now = clock.now();
      const row = rows.get(key);
      const fresh = row === undefined || toMilliseconds(row.endsAt) <= toMilliseconds(now);
      const failures = fresh ? 1 : row.failures + 1;
      const blockedUntil = failures >= rule.limit ? shift(now, rule.blockMs) : null;
      rows.set(key, { failures, endsAt: fresh ? shift(now, rule.windowMs) : row.endsAt, blockedUntil });
      return blockedUntil;
    },
    clear: async (key) => void rows.delete(key),
  };
}
