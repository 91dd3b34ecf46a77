import { Refusal } from './refusal.js';
import { shown } from './words.js';

/** Which types each application has (spec Kakapo 3.4): the keys of the hub's own applications and the codes of their license types. */
export const licenseTable: Readonly<Record<string, readonly string[]>> = {
  UnityDesktop: ['Pro', 'Enterprise', 'Anywhere'],
  UnityAgent: ['Standard', 'Enterprise', 'Anywhere'],
  UnitySupervisor: ['Standard', 'Enterprise', 'Anywhere'],
  UnityReception: ['Standard', 'Enterprise', 'Anywhere'],
  UnityDesktopWeb: ['Standard'],
  UnityAgentWeb: ['Standard'],
  UnityWallboard: ['Standard'],
  UnityMobile: ['Standard'],
  UnityCrmIntegration: ['Standard'],
  UnityDashboard: ['Tabular30', 'Tabular100', 'Tabular100+', 'Graphical30', 'Graphical100', 'Graphical100+'],
  UnityContactCenterDesktop: ['Add-On', 'Enterprise'],
  UnityContactCenterAgent: ['Add-On', 'Enterprise'],
  UnityContactCenterSupervisor: ['Add-On', 'Enterprise'],
};

/** A permutation of the table, spelled as there. */
export interface Permutation {
  readonly application: string;
  readonly licenseType: string;
}

const folded = (text: string): string => text.toLowerCase();
const spellings = new Map(Object.keys(licenseTable).map((application) => [folded(application), application]));

/**
 * What is meant, in the spelling of the table. A blank at the end of a type is a `+` a form forgot to encode. Throws a `Refusal` that
 * lists what is allowed.
 */
export function permutationOf(applicationName: string, licenseType: string): Permutation {
  const application = spellings.get(folded(applicationName));
  if (application === undefined) {
    const allowed = Object.keys(licenseTable).join(', ');
    throw new Refusal(`There is no application '${shown(applicationName)}': allowed are ${allowed}`);
  }
  const types = licenseTable[application]!;
  const meant = folded(licenseType.replace(/ $/, '+'));
  const type = types.find((one) => folded(one) === meant);
  if (type === undefined) {
    throw new Refusal(`${application} has no license type '${shown(licenseType)}': allowed are ${types.join(', ')}`);
  }
  return { application, licenseType: type };
}

export function isInTable(application: string, licenseType?: string): boolean {
  const types = Object.hasOwn(licenseTable, application) ? licenseTable[application] : undefined;
  return types !== undefined && (licenseType === undefined || types.includes(licenseType));
}
