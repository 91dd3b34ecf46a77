import type { Lookups } from '../../../core/repositories.js';
import { connectionOf, type MaestranoChannel } from './connection.js';
import { hasKey } from './saml/verify/keys.js';

type Known = Pick<Lookups, 'applications' | 'plans' | 'licenseTypes'>;

/** Why nobody can sign in through a channel whatever the marketplace says: what its settings name is not there, or not to be believed. */
export async function signInProblems(
  channel: MaestranoChannel,
  lookups: Known,
  publicUrl: string,
): Promise<readonly string[]> {
  const { application: key, plan, licenseType } = channel.settings;
  const problems: string[] = [];
  const connection = connectionOf(channel, publicUrl);
  const certificate = connection?.sso.x509Certificate ?? '';
  const fingerprint = connection?.sso.x509Fingerprint ?? '';
  if (connection !== undefined && !hasKey({ certificate, fingerprint })) {
    problems.push('no certificate and no fingerprint says whose sign-ins to believe');
  }
  const application = await lookups.applications.findOne({ ownerTenantId: '', key, liveKey: '0' });
  if (application === undefined) return [...problems, `its application "${key}" is not there`];
  const applicationId = application.id;
  if (plan !== undefined && (await lookups.plans.findOne({ applicationId, key: plan })) === undefined) {
    problems.push(`its plan "${plan}" is not one of "${key}"`);
  }
  const types = await lookups.licenseTypes.findMany({ applicationId });
  if (types.length === 0) problems.push(`"${key}" has no license type to give`);
  else if (licenseType !== undefined && !types.some(({ code }) => code === licenseType)) {
    problems.push(`its license type "${licenseType}" is not one of "${key}"`);
  }
  return problems;
}
