import type { LicenseUsage } from '../../core/billing/index.js';
import type { Readers } from '../../core/readers.js';
import type { Sql } from '../sql/sql.js';
import { inSlices } from './in-slices.js';
import { loadUsageFacts, type Subject, type UsageFacts } from './license-usage-facts.js';

/**
 * What was bought, held and to be billed at an instant, from the quantity changes, the licenses and the stretches during which
 * every link of the chain was active. Stretches begin inclusive and end exclusive. The number of statements does not grow with
 * the number of instances.
 */
export function licenseUsageOn(sql: Sql): Readers['licenseUsage'] {
  async function ofMany(instanceIds: readonly string[], at: string): Promise<LicenseUsage[][]> {
    const subjects = await inSlices<Subject>(sql, instanceIds, (marks) => ({
      text:
        'SELECT i.id AS instanceId, i.tenant_id AS tenantId, i.application_id AS applicationId, ' +
        'a.owner_tenant_id AS ownerTenantId FROM instances i JOIN applications a ON a.id = i.application_id ' +
        `WHERE i.id IN (${marks})`,
    }));
    if (subjects.length === 0) return instanceIds.map(() => []);
    const facts = await loadUsageFacts(sql, subjects, at);
    const usage = new Map(subjects.map((subject) => [subject.instanceId, usageOf(subject, facts, at)]));
    return instanceIds.map((id) => usage.get(id) ?? []);
  }
  return { ofMany, of: async (instanceId, at) => (await ofMany([instanceId], at))[0]! };
}

function usageOf(subject: Subject, facts: UsageFacts, at: string): LicenseUsage[] {
  const held = facts.licenses.filter((license) => isOf(license, subject));
  const billable = held.length > 0 && isBillable(subject, facts, at);
  return facts.types
    .filter((type) => type.applicationId === subject.applicationId)
    .map(({ id, code }): LicenseUsage => {
      const seats = held.filter((license) => license.licenseTypeId === id);
      const people = billable ? seats.filter(({ userId }) => isActiveMember(userId, subject, facts)) : [];
      return {
        licenseTypeId: id,
        code,
        purchased: purchased(id, subject, facts),
        assigned: seats.length,
        billable: people.length,
      };
    });
}

interface Place {
  readonly tenantId: string;
  readonly applicationId: string;
  readonly instanceId: string;
}

/** For the instance itself, or for its tenant's application as such. */
function isOf(place: Place, subject: Subject): boolean {
  if (place.applicationId !== subject.applicationId) return false;
  return place.instanceId === subject.instanceId || (place.instanceId === '' && place.tenantId === subject.tenantId);
}

/** The instance's own pool of the type; where it has none, the tenant's for the application. */
function purchased(licenseTypeId: string, subject: Subject, { pools, quantities }: UsageFacts): number {
  const own = pools.filter((pool) => pool.licenseTypeId === licenseTypeId && isOf(pool, subject));
  const exact = own.filter((pool) => pool.instanceId !== '');
  return (exact.length > 0 ? exact : own).reduce((sum, pool) => sum + (quantities.get(pool.id) ?? 0), 0);
}

/** Everything above the person: owner, application, the tenant and all above it, the instance, and a subscription past its trial. */
function isBillable(subject: Subject, { lineages, active, subscriptions }: UsageFacts, at: string): boolean {
  const { instanceId, applicationId, ownerTenantId, tenantId } = subject;
  const links = [instanceId, applicationId, ...(lineages.get(tenantId) ?? [])];
  if (ownerTenantId !== '') links.push(ownerTenantId);
  if (!links.every((id) => active.has(id))) return false;
  const agreed = subscriptions.filter((subscription) => isOf(subscription, subject));
  if (agreed.length === 0) return true;
  return agreed.some(({ id, trialEndsAt }) => active.has(id) && (trialEndsAt === null || trialEndsAt <= at));
}

/** Active themselves, and in the membership that decided then: the instance's before the tenant's. */
function isActiveMember(userId: string, subject: Subject, { memberships, active }: UsageFacts): boolean {
  const own = (memberships.get(userId) ?? []).filter((membership) => membership.tenantId === subject.tenantId);
  const deciding =
    own.find(({ instanceId }) => instanceId === subject.instanceId) ?? own.find(({ instanceId }) => instanceId === '');
  return deciding !== undefined && active.has(userId) && active.has(deciding.id);
}
