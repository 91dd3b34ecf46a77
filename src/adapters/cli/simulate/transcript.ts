import type { Output } from '../output.js';
import { problemOf } from './problem.js';

export interface Step {
  readonly number: number;
  readonly scenario: string;
  readonly title: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly operation?: string;
  readonly input?: object;
  /** How the operation ended, in the protocol's own words: a result code, or the name of a fault. */
  readonly result?: number | string;
  readonly meaning?: string;
  /** What was expected and what came, or why the step was left out. */
  readonly note?: string;
  readonly milliseconds: number;
}

/** A step that did not end as it must; it has been told. */
export class StepFailed extends Error {}

export interface Transcript {
  readonly steps: readonly Step[];
  begin(scenario: string, about: string): void;
  /** Runs one step, tells how it went and answers whether it was played. @throws {StepFailed} */
  step(title: string, work: () => Promise<StepOutcome | undefined>): Promise<boolean>;
  skip(title: string, reason: string): void;
  /** All has been told. */
  finish(): void;
}

export interface StepOutcome {
  readonly operation?: string;
  readonly input?: object;
  readonly result?: number | string;
  readonly meaning?: string;
  /** What was seen, for steps that are no call. */
  readonly seen?: string;
  /** Empty when all is as expected. */
  readonly differences?: readonly string[];
  /** Why it could not be played after all; nothing was done then. */
  readonly skipped?: string;
}

const secretNames = /password|secret|ssoUrl|sessionId|ticket|token/i;
const longestShown = 300;

export function createTranscript(output: Output): Transcript {
  const steps: Step[] = [];
  // Lines show how far it is; without them a bar does.
  const progress = output.json ? output.progress('steps') : undefined;
  let scenario = '';

  function tell(step: Omit<Step, 'number' | 'scenario'>): void {
    const number = steps.length + 1;
    steps.push({ number, scenario, ...step });
    progress?.report(number, 0);
    const mark = { ok: 'ok     ', failed: 'FAILED ', skipped: 'skipped' }[step.state];
    output.line(
      `${String(number).padStart(3)}. ${mark} ${step.title}${step.state === 'skipped' ? '' : `  (${step.milliseconds} ms)`}`,
    );
    if (step.operation !== undefined) output.line(`       ${step.operation} ${shown(step.input ?? {})}`);
    if (step.result !== undefined) {
      output.line(`       → ${[step.result, step.meaning].filter((part) => part !== undefined).join(', ')}`);
    }
    if (step.note !== undefined) output.line(`       ${step.note}`);
  }

  return {
    steps,
    begin(name, about) {
      scenario = name;
      output.line();
      output.line(`${name}: ${about}`);
    },
    async step(title, work) {
      const begun = performance.now();
      const milliseconds = () => Math.round(performance.now() - begun);
      let outcome: StepOutcome;
      try {
        outcome = (await work()) ?? {};
      } catch (error) {
        outcome = { differences: [problemOf(error)] };
      }
      const { operation, input, result, meaning, seen, differences = [], skipped } = outcome;
      const note = differences.length > 0 ? differences.join('; ') : (skipped ?? seen);
      tell({
        title,
        state: differences.length > 0 ? 'failed' : skipped === undefined ? 'ok' : 'skipped',
        ...(operation === undefined ? {} : { operation, input: masked(input ?? {}) }),
        ...(result === undefined ? {} : { result }),
        ...(meaning === undefined ? {} : { meaning }),
        ...(note === undefined || note === '' ? {} : { note }),
        milliseconds: milliseconds(),
      });
      if (differences.length > 0) throw new StepFailed(title);
      return skipped === undefined;
    },
    skip(title, reason) {
      tell({ title, state: 'skipped', note: reason, milliseconds: 0 });
    },
    finish: () => progress?.finish(),
  };
}

/** One line: a text as it is, all else as JSON with secrets masked. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(masked(value));
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

function masked(input: unknown): object {
  const hide = (name: string, value: unknown): unknown => {
    if (secretNames.test(name)) return '***';
    return typeof value === 'bigint' ? value.toString() : value;
  };
  return JSON.parse(JSON.stringify(input, hide)) as object;
}
