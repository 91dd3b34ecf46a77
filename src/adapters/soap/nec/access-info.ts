import type { Instance } from '../../../core/provisioning/index.js';
import type { Unit } from '../../../core/repositories.js';
import type { Fields, NecCall } from './context.js';

/**
 * Where people enter and leave a realm. With delegated authentication the marketplace's button may open our own sign-in page,
 * which then knows the realm (spec NEC 4.7, browser reading).
 */
export async function accessInfo(tx: Unit, call: NecCall, instance: Instance): Promise<Fields> {
  const application = await tx.applications.find(instance.applicationId);
  const { publicUrl } = call.ports;
  const accessUrl = instance.accessUrl || (application?.accessUrl ?? '');
  const ourLogin = `${publicUrl}/signin?${new URLSearchParams({ instance: instance.id })}`;
  return {
    accessUrl,
    loginUrl: call.settings.delegatedAuthentication ? ourLogin : application?.loginUrl || accessUrl,
    logoutUrl: application?.logoutUrl || `${publicUrl}/signin/sign-out`,
  };
}
