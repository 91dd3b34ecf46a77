import { createDecipheriv } from 'node:crypto';

export interface StoredBill {
  readonly id: string;
  readonly recurring: boolean;
  readonly createdAt: string;
  readonly groupUid: string;
  readonly priceCents: number;
  readonly currency: string;
  readonly description: string;
  /** Fields of the request, as they came. */
  readonly fields: Readonly<Record<string, string>>;
  status: string;
  /** When it billed a period the last time; undefined = the marketplace never tells. */
  lastExecutionAt?: string | null;
}

interface StoredGroup {
  readonly uid: string;
  status: 'running' | 'terminated';
}

interface Reply {
  readonly status: number;
  readonly body: { readonly success: boolean; readonly errors: object; readonly data: unknown };
}

export interface AccountStore {
  /** Everything billed, in order, canceled ones too. */
  readonly bills: StoredBill[];
  readonly groups: Map<string, StoredGroup>;
  /** Uid to password. */
  readonly passwords: Map<string, string>;
  readonly resellers: Map<string, string>;
  /** Bills that are not canceled and carry this text. */
  standing(text: string): StoredBill[];
  handle(method: string, url: URL, form: URLSearchParams): Reply;
  clear(): void;
}

/** What the marketplace keeps, and its rules (spec Maestrano 1.7). */
export function createAccountStore(now: () => string, key: string): AccountStore {
  const bills: StoredBill[] = [];
  const groups = new Map<string, StoredGroup>();
  const passwords = new Map<string, string>();
  const resellers = new Map<string, string>();

  function handle(method: string, url: URL, form: URLSearchParams): Reply {
    const [, kind, id, below] = url.pathname.replace(/^\/api\/v1\//, '').split('/');
    if (url.pathname === '/api/v1/ping') return good({ msg: 'pong' });
    if (kind === 'bills' || kind === 'recurring_bills') {
      const recurring = kind === 'recurring_bills';
      if (method === 'POST') return create(recurring, form);
      const mine = bills.filter((bill) => bill.recurring === recurring);
      if (id === undefined) return good(filtered(url, mine, (bill) => bill.groupUid).map(shown));
      const bill = mine.find((one) => one.id === id);
      if (bill === undefined) return missing();
      if (method === 'GET') return good(shown(bill));
      if (bill.status === 'invoiced') return bad({ status: ['has been invoiced already'] });
      bill.status = 'cancelled';
      return good(shown(bill));
    }
    if (kind === 'users' && id === 'authenticate') return authenticate(form);
    if (kind === 'users') return one([...passwords.keys()], id, userShown);
    if (kind === 'resellers' && below === 'groups') return good([...groups.values()].map(groupShown));
    if (kind === 'resellers') return one([...resellers.keys()], id, resellerShown);
    if (kind === 'groups')
      return one(
        [...groups.values()].map((group) => group.uid),
        id,
        (uid) => groupShown(groups.get(uid)!),
      );
    return { status: 404, body: { success: false, errors: { base: ['no such route'] }, data: {} } };
  }

  function create(recurring: boolean, form: URLSearchParams): Reply {
    const errors = problems(recurring, form);
    if (Object.keys(errors).length > 0) return bad(errors);
    const bill: StoredBill = {
      id: `${recurring ? 'rbill' : 'bill'}-${bills.length + 1}`,
      recurring,
      createdAt: now(),
      groupUid: form.get('group_id')!,
      priceCents: Number(form.get('price_cents')),
      currency: form.get('currency') ?? 'AUD',
      description: form.get('description')!,
      fields: Object.fromEntries(form),
      status: 'submitted',
    };
    bills.push(bill);
    return good(shown(bill));
  }

  function problems(recurring: boolean, form: URLSearchParams): Record<string, string[]> {
    const errors: Record<string, string[]> = {};
    const field = (name: string) => form.get(name) ?? '';
    const group = groups.get(field('group_id'));
    if (group?.status !== 'running') errors.group_id = ['does not exist or cannot be charged by your service'];
    if (!/^[1-9]\d*$/.test(field('price_cents'))) errors.price_cents = ['must be an integer greater than 0'];
    if (field('description') === '') errors.description = ["can't be blank"];
    if ([...field('description')].length > 255) errors.description = ['is too long'];
    if (form.has('currency') && !/^[A-Z]{3}$/.test(field('currency'))) errors.currency = ['is not a currency'];
    if (form.has('units') && !(/^\d+(\.\d{1,2})?$/.test(field('units')) && Number(field('units')) > 0))
      errors.units = ['must be greater than 0'];
    if (form.has('period_started_at') !== form.has('period_ended_at')) errors.period_ended_at = ['must come in pairs'];
    if (recurring && !/^(day|week|semimonth|month|year)?$/i.test(field('period'))) errors.period = ['is not a period'];
    if (form.has('start_date') && Date.parse(field('start_date')) < Date.parse(now()) - 1_000)
      errors.start_date = ['cannot be in the past'];
    return errors;
  }

  function authenticate(form: URLSearchParams): Reply {
    const uid = form.get('id') ?? '';
    const password = passwords.get(uid);
    if (password === undefined) return missing();
    return decrypted(form.get('password') ?? '', key) === password
      ? good(userShown(uid))
      : bad({ password: ['is wrong'] });
  }

  return {
    bills,
    groups,
    passwords,
    resellers,
    standing: (text) => bills.filter((bill) => bill.status !== 'cancelled' && bill.description.includes(text)),
    handle,
    clear() {
      bills.length = 0;
      groups.clear();
      passwords.clear();
      resellers.clear();
    },
  };

  function resellerShown(id: string): object {
    return { object: 'account_reseller', id, name: resellers.get(id), code: id.toUpperCase(), country: 'AU' };
  }
}

function one(ids: readonly string[], id: string | undefined, show: (id: string) => object): Reply {
  if (id === undefined) return good(ids.map(show));
  return ids.includes(id) ? good(show(id)) : missing();
}

/** A filter nobody knows answers nothing, and that is no error. */
function filtered<T>(url: URL, all: readonly T[], groupOf: (one: T) => string): T[] {
  const names = [...url.searchParams.keys()];
  if (names.some((name) => name !== 'group_id')) return [];
  const group = url.searchParams.get('group_id');
  return all.filter((entry) => group === null || groupOf(entry) === group);
}

function shown(bill: StoredBill): object {
  return {
    object: bill.recurring ? 'account_recurring_bill' : 'account_bill',
    id: bill.id,
    group_id: bill.groupUid,
    created_at: bill.createdAt,
    updated_at: bill.createdAt,
    price_cents: bill.priceCents,
    status: bill.status,
    currency: bill.currency,
    description: bill.description,
    units: bill.fields.units ?? '1.0',
    period_started_at: bill.fields.period_started_at ?? null,
    period_ended_at: bill.fields.period_ended_at ?? null,
    third_party: bill.fields.third_party === 'true',
    ...(bill.lastExecutionAt !== undefined && { last_execution_at: bill.lastExecutionAt }),
  };
}

function groupShown({ uid, status }: StoredGroup): object {
  return { object: 'account_group', id: uid, name: `Group ${uid}`, status, has_credit_card: true, city: null };
}

function userShown(uid: string): object {
  return {
    object: 'account_user',
    id: uid,
    name: 'Ada',
    surname: 'L',
    email: `${uid}@example.com`,
    sso_session: 'secret-session',
  };
}

function decrypted(text: string, key: string): string {
  const [iv = '', sealed = ''] = text.split('--');
  const cipher = createDecipheriv('aes-256-cbc', Buffer.from(key).subarray(0, 32), Buffer.from(iv, 'base64'));
  return Buffer.concat([cipher.update(Buffer.from(sealed, 'base64')), cipher.final()]).toString('utf8');
}

function good(data: unknown): Reply {
  return { status: 200, body: { success: true, errors: {}, data } };
}

function bad(errors: object): Reply {
  return { status: 400, body: { success: false, errors, data: {} } };
}

function missing(): Reply {
  return { status: 200, body: { success: false, errors: { id: ['does not exist'] }, data: {} } };
}
