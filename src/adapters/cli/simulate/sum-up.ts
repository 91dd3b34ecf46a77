import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { Output } from '../output.js';
import type { Transcript } from './transcript.js';

/** Repeats what failed, counts, answers with all steps, and says how the command ends. */
export function sumUp(output: Output, { steps, finish }: Transcript): ExitCode {
  finish();
  const count = (state: string): number => steps.filter((step) => step.state === state).length;
  const [fine, failed, skipped] = [count('ok'), count('failed'), count('skipped')];
  output.line();
  for (const step of steps) {
    if (step.state === 'failed')
      output.line(`FAILED ${step.scenario}, step ${step.number}: ${step.title}: ${step.note ?? ''}`);
  }
  output.line(`${steps.length} steps: ${fine} as expected, ${failed} not, ${skipped} skipped`);
  output.answer({ ok: failed === 0, steps });
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
}
