import type { JournalVerdict } from '../../core/journal/index.js';
import { selectList } from '../rows/statements.js';
import type { Secrets } from '../secrets.js';
import type { Sql } from '../sql/sql.js';
import {
  type JournalEntryRow,
  type JournalHeadRow,
  type JournalSealRow,
  journalEntries,
  journalSeals,
} from '../tables/journal.js';
import { payloadHash } from '../unit/journal-buffer.js';
import { entryHash, headMac, sealMac } from './chain-hashes.js';
import { headText } from './seal.js';

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

type Broken = NonNullable<JournalVerdict['broken']>;

/** Recomputes the chain from its first entry and names the first that does not fit. */
export async function verifyJournal(
  sql: Sql,
  secrets: Secrets,
  onProgress?: (done: number, total: number) => void,
): Promise<JournalVerdict> {
  const [head] = await sql.all<JournalHeadRow>(headText);
  const [counts] = await sql.all<{ entries: number; unsealed: number }>(
    'SELECT COUNT(*) AS entries, COUNT(CASE WHEN sequence IS NULL THEN 1 END) AS unsealed FROM journal_entries',
  );
  const { entries = 0, unsealed = 0 } = counts ?? {};
  const upTo = head?.sequence ?? 0;
  const seals = inOrder<JournalSealRow>((after) => sql.all(sealsText, [after, String(slice)]), 'lastSequence');
  const walk = inOrder<StoredEntry>((after) => sql.all(entriesText, [after, String(slice)]), 'sequence');
  let [hash, sequence, erased, inSeal] = ['', 0, 0, 0];
  let seal: JournalSealRow | undefined;

  const verdict = (broken: Broken | null): JournalVerdict => ({
    entries,
    sealed: entries - unsealed,
    unsealed,
    erased,
    head: head?.hash ?? '',
    broken,
  });
  const breakAt = (entryId: string, problem: string): JournalVerdict =>
    verdict({ sequence: sequence + 1, entryId, problem });

  for await (const entry of walk) {
    // entries sealed after the head was read belong to the next verification
    if (entry.sequence! > upTo && (await grownBeyond(sql, upTo))) break;
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
        return verdict({ sequence, entryId: entry.id, problem: 'does not fit its seal' });
      }
      [seal, inSeal] = [undefined, 0];
    }
    if (sequence % slice === 0) onProgress?.(sequence, upTo);
  }
  onProgress?.(sequence, upTo);
  if (sequence < upTo) return breakAt('', 'the end of the chain is missing');
  if (seal !== undefined) return breakAt('', 'the last seal is missing entries');
  if (head !== undefined && (head.hash !== hash || !holds(() => head.mac === headMac(secrets, head)))) {
    return verdict({ sequence, entryId: '', problem: 'the head was changed' });
  }
  const [beyond] = await sql.all('SELECT last_sequence FROM journal_seals WHERE last_sequence > ? LIMIT 1', [upTo]);
  if (beyond !== undefined && !(await grownBeyond(sql, upTo))) return breakAt('', 'the end of the chain is missing');
  return verdict(null);
}

async function grownBeyond(sql: Sql, upTo: number): Promise<boolean> {
  const [head] = await sql.all<JournalHeadRow>(headText);
  return (head?.sequence ?? 0) > upTo;
}

function sealProblem(secrets: Secrets, seal: JournalSealRow): string | undefined {
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

function holds(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false; // a key that is not in the ring
  }
}

/** Rows in slices, each slice beginning behind the last row of the one before. */
async function* inOrder<T extends object>(
  read: (after: number) => Promise<object[]>,
  key: keyof T,
): AsyncGenerator<T, undefined> {
  for (let after = 0; ; ) {
    const rows = (await read(after)) as T[];
    yield* rows;
    if (rows.length < slice) return undefined;
    after = Number(rows[rows.length - 1]![key]);
  }
}
