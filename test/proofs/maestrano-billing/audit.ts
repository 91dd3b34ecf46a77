import type { Database } from '../../../src/persistence/sql/sql.js';
import type { AccountApiServer, StoredBill } from '../../maestrano/support/account-api.js';
import type { Sold } from './sell.js';
import { type Place, seatPrice } from './world.js';

interface ChargeRow {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly subscription: string;
  readonly instance: string;
  readonly price: number;
  readonly offset: number;
  readonly external: string;
  readonly cancelDue: string | null;
}

const chargesText =
  'SELECT id AS id, kind AS kind, status AS status, subscription_id AS subscription, instance_id AS instance, ' +
  'price_minor AS price, offset_minor AS offset, external_id AS external, cancel_due_at AS cancelDue FROM charges';

/** Everything that is not as it must be: the hub's charges beside the marketplace's bills, looked at past the hub. */
export async function audit(
  { read }: Database,
  server: AccountApiServer,
  sold: Sold,
  places: readonly Place[],
): Promise<string[]> {
  const wrong: string[] = [];
  const rows = (
    await read.all<ChargeRow & Record<string, never>>(chargesText.replace('AS offset', 'AS offsetMinor'))
  ).map((row) => ({
    ...row,
    offset: Number((row as unknown as { offsetMinor: number }).offsetMinor),
    price: Number(row.price),
  }));
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const [id, asked] of sold.charges) {
    const row = byId.get(id);
    if (row === undefined) wrong.push(`${id} was acknowledged and is not there`);
    else if (row.price !== asked.amount) wrong.push(`${id} costs ${row.price}, not ${asked.amount}`);
    for (const bill of server.standing(`[${id}]`)) {
      if (bill.fields.units !== asked.units || bill.groupUid !== asked.group)
        wrong.push(`${bill.id} is for ${bill.fields.units} of ${bill.groupUid}`);
    }
  }
  for (const id of sold.canceled) {
    if (byId.get(id)?.status !== 'CANCELED') wrong.push(`${id} was canceled and is ${byId.get(id)?.status}`);
  }
  const standing = server.standing('');
  const bills = new Map<string, StoredBill[]>();
  for (const bill of standing) {
    const id = /\[(chg_\w{26})\]$/.exec(bill.description)?.[1] ?? '';
    if (!byId.has(id)) wrong.push(`${bill.id} is for no charge: ${bill.description}`);
    bills.set(id, [...(bills.get(id) ?? []), bill]);
  }
  for (const row of rows) wrong.push(...compare(row, bills.get(row.id) ?? []));
  for (const place of places) wrong.push(...(await compareSeats(read, place, rows)));
  return wrong;
}

function compare(row: ChargeRow, bills: readonly StoredBill[]): string[] {
  const about = `${row.id} (${row.kind}, ${row.status})`;
  if (row.cancelDue !== null) return [`${about} is still to be canceled`];
  const credit = row.price < 0;
  if (['REFUSED', 'UNCOLLECTABLE'].includes(row.status) || (row.status === 'DUE' && !credit))
    return [`${about} is not billed`];
  const wanted = row.status === 'SUBMITTED' ? 1 : 0;
  if (bills.length !== wanted) return [`${about} has ${bills.length} bills`];
  const [bill] = bills;
  if (bill === undefined) return [];
  if (bill.id !== row.external) return [`${about} is known as ${row.external} and billed as ${bill.id}`];
  if (bill.priceCents !== row.price - row.offset) return [`${about} is billed with ${bill.priceCents}`];
  if (bill.recurring !== (row.kind === 'RECURRING')) return [`${about} is billed as ${bill.id}`];
  return [];
}

/** One recurring bill for the seats there are, and none without any. */
async function compareSeats(read: Database['read'], { instanceId, group }: Place, rows: readonly ChargeRow[]) {
  const text = "SELECT COUNT(DISTINCT user_id) AS seats FROM licenses WHERE instance_id = ? AND live_key = '0'";
  const seats = Number((await read.all<{ seats: number }>(text, [instanceId]))[0]?.seats);
  const recurring = rows.filter((row) => row.instance === instanceId && row.kind === 'RECURRING');
  const prices = recurring.filter(({ status }) => status === 'SUBMITTED').map(({ price }) => price);
  const wanted = seats === 0 ? [] : [seats * seatPrice];
  return JSON.stringify(prices) === JSON.stringify(wanted) ? [] : [`${group} has ${seats} seats and pays ${prices}`];
}
