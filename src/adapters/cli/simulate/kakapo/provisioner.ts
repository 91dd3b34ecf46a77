import { problemOf } from '../problem.js';
import { type StepOutcome, shown, type Transcript } from '../transcript.js';
import { type Answer, BindingOff, type Input, type UnityClient } from './unity-client.js';

export interface Expectation {
  /** What the errorMessage must say; without it the operation must succeed. */
  readonly refusal?: RegExp;
  /** Says what is wrong with the answer of one that succeeded. */
  readonly check?: (answer: Answer) => readonly string[] | Promise<readonly string[]>;
  /** Refusals the hub is free to give: the step is left out then, with the reason. */
  readonly unless?: { readonly refusal: RegExp; readonly because: string };
}

/** A provisioning system: every call is told and checked. */
export interface Provisioner {
  /** Answers whether it was played (and not refused as `unless` foresees). @throws {StepFailed} */
  call(title: string, operation: string, input: Input, expectation?: Expectation): Promise<boolean>;
}

export function createProvisioner(transcript: Transcript, open: () => Promise<UnityClient>): Provisioner {
  let opened: Promise<UnityClient> | undefined;
  return {
    call(title, operation, input, expectation = {}) {
      return transcript.step(title, async () => {
        opened ??= open();
        const client = await opened;
        try {
          const answer = await client.call(operation, input);
          return { operation, input, ...(await judged(answer, expectation)) };
        } catch (error) {
          if (error instanceof BindingOff)
            return { operation, input, skipped: 'calls of this kind are switched off there' };
          return { operation, input, differences: [`expected an answer, came: ${problemOf(error)}`] };
        }
      });
    },
  };
}

async function judged(answer: Answer, { refusal, check, unless }: Expectation): Promise<StepOutcome> {
  const { success, errorMessage = '', ...rest } = answer;
  if (success) {
    const differences =
      refusal === undefined ? ((await check?.(answer)) ?? []) : [`expected a refusal like ${refusal}, came success`];
    return { result: 'success', differences, seen: Object.keys(rest).length === 0 ? '' : shown(rest) };
  }
  if (unless?.refusal.test(errorMessage)) {
    return { result: 'refused', meaning: errorMessage, skipped: unless.because };
  }
  const differences = refusal?.test(errorMessage)
    ? []
    : [`expected ${refusal === undefined ? 'success' : `a refusal like ${refusal}`}, came: ${errorMessage}`];
  return { result: 'refused', meaning: errorMessage, differences };
}
