import type { AlarmReporter } from './ports.js';

/** What a look at the journal's chain found; `broken` is the first entry that does not fit. */
export interface JournalFinding {
  readonly broken: { readonly sequence: number; readonly entryId: string; readonly problem: string } | null;
  /** Whether the whole chain was looked at: only that can say that it holds again. */
  readonly whole: boolean;
}

const condition = { type: 'journal_broken' } as const;

/** Raises the alarm when the chain is broken, and clears it when all of it holds. */
export async function reportJournal(alarms: AlarmReporter, { broken, whole }: JournalFinding): Promise<void> {
  if (broken === null) {
    if (whole) await alarms.clear(condition);
    return;
  }
  const { sequence, entryId, problem } = broken;
  await alarms.raise({
    ...condition,
    once: true,
    info: `entry ${sequence}${entryId === '' ? '' : ` (${entryId})`}: ${problem}`,
    additionalInfo: 'somebody changed the journal past the hub: compare with a backup and with heads exported before',
  });
}
