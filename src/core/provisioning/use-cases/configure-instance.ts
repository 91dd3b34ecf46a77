import type { Unit } from '../../repositories.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { checkOptionalText, checkProse, checkText, checkUrl } from '../../shared/text.js';
import { checkMove } from '../../shared/transitions.js';
import { requireNoApproval, requireReach } from '../../tenancy/index.js';
import type { Instance } from '../model.js';

export interface ConfigureInstanceInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly name?: string;
  readonly accessUrl?: string;
  readonly description?: string;
  /** Replaces all of them. */
  readonly properties?: readonly Property[];
  /** Merged into what is there; null removes a name. */
  readonly parameters?: Readonly<Record<string, string | null>>;
}

/** Sets an instance up or changes its configuration. Errors: not_found, forbidden, terminated, version_conflict, invalid_value, wrong_state. */
export async function configureInstance(tx: Unit, input: ConfigureInstanceInput): Promise<Instance> {
  const before = found('instance', await tx.instances.lock(input.id));
  await requireReach(tx, 'write', 'instance', { tenantId: before.tenantId, channelId: before.channelId });
  await requireNoApproval(tx, before.channelId);
  checkNotTerminated('instance', before);
  checkVersion('instance', before, input.expectedVersion);
  checkMove('instance', before, 'update');
  const parameters: Record<string, string> = Object.assign(Object.create(null), before.parameters);
  for (const [name, value] of Object.entries(input.parameters ?? {})) {
    if (value === null) delete parameters[name];
    else parameters[name] = value;
  }
  const after = await tx.instances.save(before, {
    ...(input.name === undefined ? {} : { name: checkOptionalText('name', input.name) }),
    ...(input.description === undefined ? {} : { description: checkProse('description', input.description, 2_000) }),
    ...(input.properties === undefined ? {} : { properties: checkProperties(input.properties) }),
    ...(input.accessUrl === undefined ? {} : { accessUrl: checkInstanceUrl(input.accessUrl) }),
    ...(input.parameters === undefined ? {} : { parameters: checkParameters(parameters), configuredAt: tx.now }),
  });
  if (after.version === before.version) return after;
  tx.emit({
    type: 'instance.configured',
    aggregate: { kind: 'instance', id: after.id, version: after.version },
    tenantId: after.tenantId,
    payload: { applicationId: after.applicationId, parameters: Object.keys(after.parameters) },
  });
  return after;
}

export function checkInstanceUrl(value: string): string {
  return value === '' ? '' : checkUrl('accessUrl', value);
}

/** At most 200 names of 200 characters, values of 4,000. */
export function checkParameters(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(parameters);
  if (entries.length > 200) throw invalid('parameters', 'must not be more than 200');
  const checked: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) {
    checkText('parameter name', name);
    if (value.length > 4_000) throw invalid(`parameter ${name}`, 'must not be longer than 4,000 characters');
    checked[name] = value;
  }
  return checked;
}
