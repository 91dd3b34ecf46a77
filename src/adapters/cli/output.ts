import type { CliError } from './exit-codes.js';
import type { Terminal } from './ports.js';

/** Where a command's answer goes: lines for people, or with --json one object on standard output. */
export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with --json. */
  line(text?: string): void;
  /** The command's answer with --json; nothing otherwise. */
  answer(value: object): void;
  /** Beside the answer, on standard error, in both forms. */
  note(text: string): void;
  progress(label: string): Progress;
}

export interface Progress {
  /** `total` 0 = not known. */
  report(done: number, total: number): void;
  finish(): void;
}

const barWidth = 24;
/** Milliseconds before a bar appears: what is quick needs none. */
const patience = 300;

export function createOutput(terminal: Terminal, json: boolean, now: () => number = () => performance.now()): Output {
  return {
    json,
    line(text = '') {
      if (!json) terminal.out(`${text}\n`);
    },
    answer(value) {
      if (json) terminal.out(`${JSON.stringify(value, bigintAsText, 2)}\n`);
    },
    note: (text) => terminal.error(`${text}\n`),
    progress(label) {
      const begun = now();
      let shown = '';
      return {
        report(done, total) {
          if (!terminal.interactive || now() - begun < patience) return;
          const filled = total === 0 ? 0 : Math.round((Math.min(done, total) / total) * barWidth);
          const bar = `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}] ${done}${total === 0 ? '' : `/${total}`} ${label}`;
          if (bar === shown) return;
          shown = bar;
          terminal.error(`\r\u001b[2K${bar}`);
        },
        finish() {
          if (shown !== '') terminal.error('\r\u001b[2K');
        },
      };
    },
  };
}

/** What went wrong and what to do, on standard error; with --json also as the answer. */
export function showError(terminal: Terminal, json: boolean, error: CliError): void {
  if (json) {
    const { message, hint, problems, exitCode } = error;
    terminal.out(`${JSON.stringify({ ok: false, exitCode, error: { message, problems, hint } }, null, 2)}\n`);
    return;
  }
  terminal.error(`${error.message}\n`);
  for (const problem of error.problems) terminal.error(`  - ${problem}\n`);
  if (error.hint !== '') terminal.error(`${error.hint}\n`);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
