/** What the process ends with. */
export const exitCodes = {
  ok: 0,
  /** Something was checked and is not as it should be, or a command was refused. */
  failed: 1,
  /** Arguments, settings or an input file are wrong. */
  usage: 2,
  /** The database or the hub could not be reached. */
  unreachable: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An end of a command that a person understands: what is wrong and, in `hint`, what to do next. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string;
  readonly problems: readonly string[];

  constructor(
    exitCode: ExitCode,
    message: string,
    options: { hint?: string; problems?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.hint = options.hint ?? '';
    this.problems = options.problems ?? [];
  }
}
