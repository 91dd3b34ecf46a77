import type { JournalVerdict } from '../../core/journal/index.js';
import { selectList } from '../rows/statements.js';
import type { Secrets } from '../secrets.js';
import type { Sql } from '../sql/sql.js';
import { type JournalEntryRow, type JournalSealRow, journalEntries, journalSeals } from '../tables/journal.js';
import { payloadHash } from '../unit/journal-buffer.js';
import { entryHash, sealMac } from './chain-hashes.js';

const slice = 1_000;

const entriesText =
  `SELECT ${selectList(journalEntries)}, y.entry_id AS payloadOf, y.salt AS salt, y.before_json AS beforeText, ` +
  'y.after_json AS afterText, y.erased_at AS erasedAt FROM journal_entries t ' +
  'LEFT JOIN journal_payloads y ON y.entry_id = t.id WHERE t.sequence > ? ORDER BY t.sequence LIMIT ?';
const sealsText = `SELECT ${selectList(journalSeals)} FROM journal_seals t WHERE t.last_sequence > ? ORDER BY t.last_sequence LIMIT ?`;

interface StoredEntry extends JournalEntryRow {
  readonly payloadOf: string | null;
  readonly salt: string;
  readonly beforeText: string | null;
  readonly afterText: string | null;
  readonly erasedAt: string | null;
}

export type Broken = NonNullable<JournalVerdict['broken']>;

/** A place in the chain: behind the last entry of a seal, or before everything. */
export interface ChainPlace {
  readonly sequence: number;
  readonly hash: string;
}
export const chainBegin: ChainPlace = { sequence: 0, hash: '' };

export interface WalkOptions {
  readonly from: ChainPlace;
  /** The head when the walk began: later entries belong to the next one. */
  readonly upTo: number;
  readonly grownBeyond: () => Promise<boolean>;
  /** Ends at the first seal that is this far away; all the way without. */
  readonly atLeast?: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Walk {
  /** Where it ended. */
  readonly place: ChainPlace;
  readonly erased: number;
  readonly broken: Broken | null;
}

/** Recomputes the chain entry by entry under its seals and stops at the first that does not fit. */
export async function walkChain(sql: Sql, secrets: Secrets, options: WalkOptions): Promise<Walk> {
  const { from, upTo, grownBeyond, atLeast = Number.POSITIVE_INFINITY, onProgress } = options;
  const seals = inOrder<JournalSealRow>(
    from.sequence,
    (after) => sql.all(sealsText, [after, String(slice)]),
    'lastSequence',
  );
  const entries = inOrder<StoredEntry>(
    from.sequence,
    (after) => sql.all(entriesText, [after, String(slice)]),
    'sequence',
  );
  let { hash, sequence } = from;
  let [erased, inSeal] = [0, 0];
  let seal: JournalSealRow | undefined;

  const ended = (broken: Broken | null): Walk => ({ place: { sequence, hash }, erased, broken });
  const breakAt = (entryId: string, problem: string): Walk => ended({ sequence: sequence + 1, entryId, problem });

  for await (const entry of entries) {
    if (entry.sequence! > upTo && (await grownBeyond())) break;
    if (seal === undefined) {
      seal = (await seals.next()).value as JournalSealRow | undefined;
      const problem = seal === undefined ? 'is under no seal' : sealProblem(secrets, seal);
      if (problem !== undefined) return breakAt(entry.id, problem);
    }
    if (entry.sequence !== sequence + 1) return breakAt('', 'the entry is missing');
    if (entry.chainHash !== entryHash(secrets, seal!.keyId, hash, entry))
      return breakAt(entry.id, 'was changed or inserted');
    const problem = payloadProblem(entry);
    if (problem !== undefined) return breakAt(entry.id, problem);
    if (entry.erasedAt !== null) erased += 1;
    hash = entry.chainHash;
    sequence += 1;
    inSeal += 1;
    if (sequence === seal!.lastSequence) {
      if (seal!.head !== hash || seal!.entryCount !== inSeal) {
        return ended({ sequence, entryId: entry.id, problem: 'does not fit its seal' });
      }
      [seal, inSeal] = [undefined, 0];
      if (sequence - from.sequence >= atLeast) return ended(null);
    }
    if (sequence % slice === 0) onProgress?.(sequence, upTo);
  }
  onProgress?.(sequence, upTo);
  if (sequence < upTo) return breakAt('', 'the end of the chain is missing');
  if (seal !== undefined) return breakAt('', 'the last seal is missing entries');
  return ended(null);
}

export function sealProblem(secrets: Secrets, seal: JournalSealRow): string | undefined {
  if (!secrets.keyIds.includes(seal.keyId)) return `sealed with key ${seal.keyId}, which is not in SECRET_KEY`;
  return seal.mac === sealMac(secrets, seal) ? undefined : 'its seal was changed';
}

function payloadProblem(entry: StoredEntry): string | undefined {
  if (entry.payloadOf === null) return 'its payload is missing';
  if (entry.erasedAt !== null) {
    return entry.beforeText === null && entry.afterText === null ? undefined : 'its payload was changed';
  }
  return entry.payloadHash === payloadHash(entry.salt, entry.beforeText, entry.afterText)
    ? undefined
    : 'its payload was changed';
}

/** Rows in slices, each slice beginning behind the last row of the one before. */
async function* inOrder<T extends object>(
  first: number,
  read: (after: number) => Promise<object[]>,
  key: keyof T,
): AsyncGenerator<T, undefined> {
  for (let after = first; ; ) {
    const rows = (await read(after)) as T[];
    yield* rows;
    if (rows.length < slice) return undefined;
    after = Number(rows[rows.length - 1]![key]);
  }
}
