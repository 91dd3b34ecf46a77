import type { JournalVerdict } from '../../core/journal/index.js';
import { selectList } from '../rows/statements.js';
import type { Secrets } from '../secrets.js';
import type { Sql } from '../sql/sql.js';
import { type JournalHeadRow, type JournalSealRow, journalSeals } from '../tables/journal.js';
import { headMac } from './chain-hashes.js';
import { headText } from './seal.js';
import { type Broken, type ChainPlace, chainBegin, sealProblem, walkChain } from './walk-chain.js';

const sealText = `SELECT ${selectList(journalSeals)} FROM journal_seals t WHERE t.last_sequence = ?`;

/** Recomputes the chain from its first entry and names the first that does not fit. */
export async function verifyJournal(
  sql: Sql,
  secrets: Secrets,
  onProgress?: (done: number, total: number) => void,
): Promise<JournalVerdict> {
  const head = await headOf(sql);
  const [counts] = await sql.all<{ entries: number; unsealed: number }>(
    'SELECT COUNT(*) AS entries, COUNT(CASE WHEN sequence IS NULL THEN 1 END) AS unsealed FROM journal_entries',
  );
  const { entries = 0, unsealed = 0 } = counts ?? {};
  const upTo = head?.sequence ?? 0;
  const grownBeyond = () => hasGrownBeyond(sql, upTo);
  const walk = await walkChain(sql, secrets, { from: chainBegin, upTo, grownBeyond, onProgress });
  return {
    entries,
    sealed: entries - unsealed,
    unsealed,
    erased: walk.erased,
    head: head?.hash ?? '',
    broken: walk.broken ?? (await headProblem(sql, secrets, head, walk.place)),
  };
}

export interface CheckedPart {
  readonly broken: Broken | null;
  /** Where the next part begins: 0 once the end was reached. */
  readonly next: number;
}

/** The same for a part: from the end of a seal to the end of one at least `atLeast` entries on, or to the head. */
export async function verifyPart(sql: Sql, secrets: Secrets, after: number, atLeast: number): Promise<CheckedPart> {
  const head = await headOf(sql);
  const upTo = head?.sequence ?? 0;
  const [seal] = after === 0 ? [] : await sql.all<JournalSealRow>(sealText, [after]);
  const problem = after === 0 ? undefined : seal === undefined ? 'its seal is missing' : sealProblem(secrets, seal);
  if (problem !== undefined) return { broken: { sequence: after, entryId: '', problem }, next: after };
  const from = seal === undefined ? chainBegin : { sequence: after, hash: seal.head };
  const walk = await walkChain(sql, secrets, { from, upTo, atLeast, grownBeyond: () => hasGrownBeyond(sql, upTo) });
  if (walk.broken !== null) return { broken: walk.broken, next: after };
  if (walk.place.sequence < upTo) return { broken: null, next: walk.place.sequence };
  const broken = await headProblem(sql, secrets, head, walk.place);
  return { broken, next: broken === null ? 0 : after };
}

async function headOf(sql: Sql): Promise<JournalHeadRow | undefined> {
  return (await sql.all<JournalHeadRow>(headText))[0];
}

async function hasGrownBeyond(sql: Sql, upTo: number): Promise<boolean> {
  return ((await headOf(sql))?.sequence ?? 0) > upTo;
}

/** Whether the chain, which holds as far as it goes, also ends where the head says. */
async function headProblem(
  sql: Sql,
  secrets: Secrets,
  head: JournalHeadRow | undefined,
  { sequence, hash }: ChainPlace,
): Promise<Broken | null> {
  const upTo = head?.sequence ?? 0;
  if (head !== undefined && (head.hash !== hash || !holds(() => head.mac === headMac(secrets, head)))) {
    return { sequence, entryId: '', problem: 'the head was changed' };
  }
  const [beyond] = await sql.all('SELECT last_sequence FROM journal_seals WHERE last_sequence > ? LIMIT 1', [upTo]);
  if (beyond !== undefined && !(await hasGrownBeyond(sql, upTo))) {
    return { sequence: sequence + 1, entryId: '', problem: 'the end of the chain is missing' };
  }
  return null;
}

function holds(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false; // a key that is not in the ring
  }
}
