import { format } from 'node:util';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { escapeControls, safeForLog } from './log-safety.js';

export type { Logger };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly level?: LogLevel;
  /** `auto`: lines for people on a terminal, JSON elsewhere. */
  readonly format?: 'auto' | 'json' | 'pretty';
  /** Default: standard output. */
  readonly stream?: DestinationStream & { isTTY?: boolean };
}

/**
 * The structured log. Secrets are replaced by their field's name at any depth, giant values are cut, control characters
 * cannot start a new line. error = somebody must act now, warn = will need somebody, info = normal life, also refusals.
 */
export function createLogger({ level = 'info', format = 'auto', stream = process.stdout }: LogOptions = {}): Logger {
  const pretty = format === 'pretty' || (format === 'auto' && stream.isTTY === true);
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => safeForLog(fields, pretty) as Record<string, unknown>,
    },
    serializers: { err: (error: unknown) => error }, // safeForLog has made it readable already
    hooks: {
      logMethod(args, method) {
        const [first, ...rest] = args as [unknown, ...unknown[]];
        if (typeof first === 'string') method.call(this, text(first, rest, pretty));
        else if (typeof rest[0] === 'string') method.call(this, first as object, text(rest[0], rest.slice(1), pretty));
        else method.apply(this, args);
      },
    },
  };
  if (!pretty) return withSafeChildren(pino(options, stream), pretty);
  const lines = prettyFactory({ colorize: stream.isTTY === true, ignore: 'hostname,pid' });
  const sink = { write: (line: string) => stream.write(lines(line)) };
  return withSafeChildren(pino(options, sink), pretty);
}

/** Pino renders the fields of a child logger without the `log` formatter; descendants inherit this method. */
function withSafeChildren(logger: Logger, pretty: boolean): Logger {
  const child = logger.child as unknown as (bindings: object, options?: object) => Logger;
  const safeChild = function (this: Logger, bindings: object, options?: object): Logger {
    return Reflect.apply(child, this, [{ ...(safeForLog(bindings, pretty) as object) }, options]);
  };
  logger.child = safeChild as unknown as Logger['child'];
  return logger;
}

function text(message: string, values: readonly unknown[], pretty: boolean): string {
  const whole = values.length === 0 ? message : format(message, ...values.map((value) => safeForLog(value, false)));
  const cut = safeForLog(whole, false) as string;
  return pretty ? escapeControls(cut) : cut;
}
