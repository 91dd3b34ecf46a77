import { systemActor } from '../../../core/shared/actor.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { checkUsage, type Ingestion, ingestUsageRecords, type UsageInput } from '../../../core/usage/index.js';
import type { CliHub } from '../ports.js';
import type { Line } from './read-lines.js';
import { LineProblem, usageOf } from './record-fields.js';

export interface ImportOptions {
  readonly hub: Pick<CliHub, 'uow'>;
  readonly channelId: string;
  readonly requestId: string;
  /** Finds out what would be done and keeps nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  onProgress(): void;
}

export interface LineNote {
  readonly line: number;
  readonly problem: string;
}

export interface ImportTally {
  records: number;
  accepted: number;
  duplicates: number;
  unattributed: number;
  conflicts: number;
  invalid: number;
  /** Conflicts and invalid lines, the first hundred. */
  readonly problems: LineNote[];
  /** The file was not read to its end. */
  stopped: boolean;
}

/** Large enough to be quick, small enough that others who write do not wait long. */
const batchSize = 2_000;
const mostProblems = 100;

interface Numbered {
  readonly line: number;
  readonly usage: UsageInput;
}

/** Takes in a file batch by batch, each in a unit of its own: broken off, it is simply run again. */
export async function importRecords(lines: AsyncIterable<Line>, options: ImportOptions): Promise<ImportTally> {
  const tally: ImportTally = {
    records: 0,
    accepted: 0,
    duplicates: 0,
    unattributed: 0,
    conflicts: 0,
    invalid: 0,
    problems: [],
    stopped: false,
  };
  let batch: Numbered[] = [];

  async function flush(): Promise<void> {
    if (batch.length > 0)
      count(
        tally,
        batch,
        await ingestBatch(
          options,
          batch.map(({ usage }) => usage),
        ),
      );
    batch = [];
    options.onProgress();
  }

  for await (const one of lines) {
    const read = readOne(one);
    tally.records += 1;
    if ('problem' in read) {
      tally.invalid += 1;
      note(tally, read);
    } else batch.push(read);
    if (batch.length === batchSize) await flush();
    if (options.signal.aborted) {
      tally.stopped = true;
      break;
    }
  }
  if (!tally.stopped) await flush();
  return tally;
}

function readOne(one: Line): Numbered | LineNote {
  if ('problem' in one) return one;
  try {
    const usage = usageOf(one.fields);
    checkUsage(usage);
    return { line: one.line, usage };
  } catch (error) {
    if (!(error instanceof LineProblem) && !isDomainError(error)) throw error;
    return { line: one.line, problem: error.message };
  }
}

/** Carries the answer out of a unit of which nothing is to be kept. */
class NotKept extends Error {
  constructor(readonly ingestion: Ingestion) {
    super('not kept');
  }
}

async function ingestBatch(
  { hub, channelId, requestId, dryRun }: ImportOptions,
  records: readonly UsageInput[],
): Promise<Ingestion> {
  try {
    return await hub.uow.run(systemActor('import'), { name: 'usage.import', requestId }, async (tx) => {
      const ingestion = await ingestUsageRecords(tx, { channelId, records });
      if (dryRun) throw new NotKept(ingestion);
      return ingestion;
    });
  } catch (error) {
    if (error instanceof NotKept) return error.ingestion;
    throw error;
  }
}

function count(tally: ImportTally, batch: readonly Numbered[], ingestion: Ingestion): void {
  tally.accepted += ingestion.accepted;
  tally.duplicates += ingestion.duplicates.length;
  tally.unattributed += ingestion.unattributed.length;
  tally.conflicts += ingestion.conflicts.length;
  for (const place of ingestion.conflicts) {
    const { line, usage } = batch[place]!;
    note(tally, {
      line,
      problem: `transaction ${usage.transactionId} of ${usage.providerExternalId} is there with other content`,
    });
  }
}

function note({ problems }: ImportTally, { line, problem }: LineNote): void {
  if (problems.length < mostProblems) problems.push({ line, problem });
}
