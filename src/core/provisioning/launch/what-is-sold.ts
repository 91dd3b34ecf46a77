import type { Application, LicenseType, Plan } from '../../catalog/index.js';
import type { Unit } from '../../repositories.js';
import { DomainError } from '../../shared/errors.js';
import type { LaunchFacts } from './facts.js';

/** The hub's application the channel sells. Throws `unknown_reference`: the channel's settings are wrong. */
export async function applicationSold(tx: Unit, { applicationKey }: LaunchFacts): Promise<Application> {
  const application = await tx.applications.findOne({ ownerTenantId: '', key: applicationKey, liveKey: '0' });
  if (application === undefined) throw unknown('application', applicationKey);
  return application;
}

/** The plan of the settings, or the application's first that is still sold; undefined for one that has none. */
export async function planSold(tx: Unit, { planKey }: LaunchFacts, applicationId: string): Promise<Plan | undefined> {
  const plans = await tx.plans.findMany({ applicationId });
  if (planKey === undefined) return plans.find(({ retiredAt }) => retiredAt === null);
  const plan = plans.find(({ key }) => key === planKey);
  if (plan === undefined) throw unknown('plan', planKey);
  return plan;
}

/** The seat of the settings, or the application's first. Throws `unknown_reference`, `no_license_type`. */
export async function seatSold(tx: Unit, facts: LaunchFacts, applicationId: string): Promise<LicenseType> {
  const { licenseTypeCode } = facts;
  const types = await tx.licenseTypes.findMany({ applicationId });
  if (licenseTypeCode !== undefined) {
    const type = types.find(({ code }) => code === licenseTypeCode);
    if (type === undefined) throw unknown('licenseType', licenseTypeCode);
    return type;
  }
  const [first] = types.toSorted((a, b) => a.position - b.position);
  if (first === undefined) throw new DomainError('no_license_type', { application: facts.applicationKey });
  return first;
}

function unknown(kind: string, key: string): DomainError {
  return new DomainError('unknown_reference', { kind, key });
}
