import { expectEqual } from '../check.js';
import { type Bean, spelled } from './beans.js';
import type { Party, Side } from './party.js';

export type Entity = 'SpAccount' | 'AppAccount' | 'AppInstGroup';

/** A provider account, an application account or an application instance. */
export interface Account {
  readonly entity: Entity;
  /** Its own id. */
  readonly id: string;
  /** All ids that name it, as each side sends them: a provider does not name itself. */
  readonly ids: Readonly<Record<Side, Readonly<Record<string, string>>>>;
}

export function providerAccount(id: string): Account {
  return { entity: 'SpAccount', id, ids: { sp: {}, op: { spAccountId: id } } };
}

export function applicationAccount(provider: Account, id: string): Account {
  return below(provider, 'AppAccount', id, { appAccountId: id });
}

export function instanceAccount(application: Account, id: string): Account {
  return below(application, 'AppInstGroup', id, { appInstGroupId: id });
}

function below(parent: Account, entity: Entity, id: string, own: Readonly<Record<string, string>>): Account {
  return { entity, id, ids: { sp: { ...parent.ids.sp, ...own }, op: { ...parent.ids.op, ...own } } };
}

const serviceOf = { sp: 'SpService', op: 'OpService' } as const;

/** `OpService.updateSpAccountRes` for the operator, and so on. */
export function operationOn(party: Party, verb: string, { entity }: Account, ending = ''): string {
  return `${serviceOf[party.side]}.${verb}${entity}${ending}`;
}

export function idsFor(party: Party, account: Account): Readonly<Record<string, string>> {
  return account.ids[party.side];
}

/** The bean of an account in an input. The provider's service calls that of an application `app`. */
export function beanFor(party: Party, { entity }: Account, bean: Bean): object {
  const own = { SpAccount: 'spAccount', AppAccount: 'appAccount', AppInstGroup: 'appInstGroup' }[entity];
  return { [party.side === 'sp' && entity === 'AppAccount' ? 'app' : own]: spelled(party.side, bean) };
}

/** Asks for the state and expects it. */
export async function expectState(party: Party, account: Account, state: string, title?: string): Promise<void> {
  const operation = operationOn(party, 'get', account, 'State');
  await party.call(title ?? `${account.id} is ${state}`, operation, idsFor(party, account), {
    check: (value) => expectEqual('the state', value, state),
  });
}

/** An account that is not there has no state. */
export async function expectGone(party: Party, account: Account, title = `${account.id} is gone`): Promise<void> {
  await party.call(title, operationOn(party, 'get', account, 'State'), idsFor(party, account), {
    fault: 'CommonException',
  });
}
