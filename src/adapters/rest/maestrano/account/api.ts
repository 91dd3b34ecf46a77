import type { z } from 'zod';
import type { Connection } from '../connection.js';
import { AccountFailure, isFailure, isMissing } from './failure.js';
import { encryptPassword } from './password-cipher.js';
import {
  type AccountUser,
  type Bill,
  billShape,
  type Group,
  groupShape,
  pingShape,
  type RecurringBill,
  type Reseller,
  recurringBillShape,
  resellerShape,
  userShape,
} from './shapes.js';
import { createTransport, type TransportPorts } from './transport.js';

/** Bills of one kind, one-off or recurring. */
export interface Bills<B> {
  /** All of a group. No other filter is ever sent: one the marketplace does not know answers an empty list. */
  ofGroup(groupUid: string, signal?: AbortSignal): Promise<B[]>;
  /** Undefined when there is none. */
  one(id: string, signal?: AbortSignal): Promise<B | undefined>;
  /** Not repeatable: after `unanswered` look for the bill before asking again. */
  create(fields: URLSearchParams, signal?: AbortSignal): Promise<B>;
  /** Canceled already = success. An invoiced one is `refused` because of its `status`. */
  cancel(id: string, signal?: AbortSignal): Promise<B>;
}

/** The account API of one marketplace (spec Maestrano 1.7). Everything throws `AccountFailure`. */
export interface AccountApi {
  ping(signal?: AbortSignal): Promise<string>;
  groups(signal?: AbortSignal): Promise<Group[]>;
  /** Undefined when there is none. */
  group(uid: string, signal?: AbortSignal): Promise<Group | undefined>;
  users(groupUid?: string, signal?: AbortSignal): Promise<AccountUser[]>;
  /** Undefined when there is none. */
  user(uid: string, signal?: AbortSignal): Promise<AccountUser | undefined>;
  readonly bills: Bills<Bill>;
  readonly recurringBills: Bills<RecurringBill>;
  resellers(signal?: AbortSignal): Promise<Reseller[]>;
  /** Undefined when there is none. */
  reseller(id: string, signal?: AbortSignal): Promise<Reseller | undefined>;
  groupsOfReseller(id: string, signal?: AbortSignal): Promise<Group[]>;
  /** The person with that password; undefined = it is another one. Throws `UnusableKey` too. */
  authenticate(
    person: { readonly id: string } | { readonly email: string },
    password: string,
    signal?: AbortSignal,
  ): Promise<AccountUser | undefined>;
}

/** Calls of one channel, each bounded by the ports' patience and shown to operators without its credentials. */
export function createAccountApi(ports: TransportPorts, connection: Connection, channelId: string): AccountApi {
  const ask = createTransport(ports, channelId, connection);

  async function one<S extends z.ZodType>(shape: S, path: string, id: string, signal?: AbortSignal) {
    try {
      return understood(shape, path, await ask({ method: 'GET', path: below(path, id), signal }));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
  async function list<S extends z.ZodType>(shape: S, path: string, groupUid?: string, signal?: AbortSignal) {
    const query = groupUid === undefined ? undefined : new URLSearchParams({ group_id: groupUid });
    const data = await ask({ method: 'GET', path, signal, ...(query !== undefined && { query }) });
    return understood(shape.array(), path, data);
  }
  function bills<S extends z.ZodType>(shape: S, path: string): Bills<z.output<S>> {
    return {
      ofGroup: (groupUid, signal) => list(shape, path, groupUid, signal),
      one: (id, signal) => one(shape, path, id, signal),
      create: async (form, signal) => understood(shape, path, await ask({ method: 'POST', path, form, signal })),
      cancel: async (id, signal) =>
        understood(shape, path, await ask({ method: 'DELETE', path: below(path, id), signal })),
    };
  }

  return {
    ping: async (signal) => understood(pingShape, 'ping', await ask({ method: 'GET', path: 'ping', signal })).msg,
    groups: (signal) => list(groupShape, 'account/groups', undefined, signal),
    group: (uid, signal) => one(groupShape, 'account/groups', uid, signal),
    users: (groupUid, signal) => list(userShape, 'account/users', groupUid, signal),
    user: (uid, signal) => one(userShape, 'account/users', uid, signal),
    bills: bills(billShape, 'account/bills'),
    recurringBills: bills(recurringBillShape, 'account/recurring_bills'),
    resellers: (signal) => list(resellerShape, 'account/resellers', undefined, signal),
    reseller: (id, signal) => one(resellerShape, 'account/resellers', id, signal),
    groupsOfReseller: async (id, signal) =>
      list(groupShape, `${below('account/resellers', id)}/groups`, undefined, signal),
    async authenticate(person, password, signal) {
      const path = 'account/users/authenticate';
      const form = new URLSearchParams({ ...person, password: encryptPassword(password, connection.api.key) });
      try {
        return understood(userShape, path, await ask({ method: 'POST', path, form, signal }));
      } catch (error) {
        if (isFailure(error, 'refused') && error.errors.password !== undefined) return undefined;
        throw error;
      }
    },
  };
}

function below(path: string, id: string): string {
  // dots alone would be resolved as a path by whoever reads the address
  if (/^\.*$/.test(id)) throw new AccountFailure('refused', `${path}: "${id}" is no id`, { id: ['does not exist'] });
  return `${path}/${encodeURIComponent(id)}`;
}

/** Said to be done, and yet not told what: nobody knows, as with no answer at all. */
function understood<S extends z.ZodType>(shape: S, path: string, data: unknown): z.output<S> {
  const result = shape.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AccountFailure(
    'unanswered',
    `${path}: the answer is no such thing (${issue?.path.join('.')} ${issue?.message})`,
  );
}
