import { type OperationContract, type ServiceContract, services } from '../../../src/adapters/soap/prm/contract.js';
import type { FaultName } from '../../../src/adapters/soap/prm/faults.js';

export type { FaultName };

export interface NamedOperation extends OperationContract {
  readonly service: ServiceContract;
  /** `SpLogin.login`. */
  readonly fullName: string;
}

/** The 98, in the order of the guides. */
export const operations: readonly NamedOperation[] = services.flatMap((service) =>
  [...service.operations.values()].map((one) => ({ ...one, service, fullName: `${service.name}.${one.name}` })),
);

const byName = new Map(operations.map((operation) => [operation.fullName, operation]));

/** Of `SpLogin.login`. */
export function operationNamed(fullName: string): NamedOperation {
  const found = byName.get(fullName);
  if (found === undefined) throw new Error(`the contract has no ${fullName}`);
  return found;
}
