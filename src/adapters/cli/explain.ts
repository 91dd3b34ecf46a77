import { isDomainError } from '../../core/shared/errors.js';
import { ConfigError } from '../../platform/config.js';
import { KeyringError } from '../../platform/keyring.js';
import { CliError, exitCodes } from './exit-codes.js';

const unwritable = new Set(['EACCES', 'EROFS', 'ENOTDIR', 'EPERM']);
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_ACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
]);

const hints: Record<string, string> = {
  ER_ACCESS_DENIED_ERROR: 'Check user and password in DATABASE_URL.',
  ER_BAD_DB_ERROR: 'Create the database named in DATABASE_URL first; Mercator makes only the tables.',
  ER_DBACCESS_DENIED_ERROR: 'Grant the user of DATABASE_URL all rights on that database.',
};

/** Any error as what a person should read. Nothing of the inside, no stack. */
export function explain(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof ConfigError) {
    return new CliError(exitCodes.usage, 'The configuration has problems.', {
      problems: error.problems,
      hint: 'docs/configuration.md describes every setting.',
    });
  }
  if (error instanceof KeyringError) {
    return new CliError(exitCodes.usage, `SECRET_KEY: ${error.message}`, {
      hint: 'Give the key this database was started with, or restore secret.key from your backup (docs/operations.md, Keys).',
    });
  }
  // Persistence's own error: an adapter knows it by its name only.
  if (error instanceof Error && error.name === 'WrongSecretKey') return new CliError(exitCodes.usage, error.message);
  if (isDomainError(error)) return new CliError(exitCodes.failed, error.message, { hint: hintOf(error.code) });
  const code = codesOf(error).find((c) => unreachable.has(c));
  if (code !== undefined) {
    return new CliError(exitCodes.unreachable, `Not reachable: ${messageOf(error)}`, {
      hint: hints[code] ?? 'Check that it runs and that DATABASE_URL and PUBLIC_URL (or --url) name it.',
    });
  }
  if (codesOf(error).includes('EADDRINUSE')) {
    return new CliError(exitCodes.failed, `The port is taken by another process: ${messageOf(error)}.`, {
      hint: 'Is the hub running already? Otherwise set PORT to a free one.',
    });
  }
  if (codesOf(error).some((c) => unwritable.has(c))) {
    return new CliError(exitCodes.usage, messageOf(error), {
      hint: 'The process must be able to write there: DATA_DIR (and MAIL_URL, DATABASE_URL where they name a file) say where.',
    });
  }
  return new CliError(exitCodes.failed, messageOf(error), {
    hint: '`mercator doctor` checks the surroundings.',
    cause: error,
  });
}

function hintOf(code: string): string {
  return code === 'busy' ? 'Try again in a moment.' : '';
}

function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const causes = 'cause' in error ? codesOf(error.cause, depth + 1) : [];
  const several =
    'errors' in error && Array.isArray(error.errors) ? error.errors.flatMap((e) => codesOf(e, depth + 1)) : [];
  return [...own, ...causes, ...several];
}

/** One line, also for aggregate errors whose own message is empty. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  const own = error.message === '' || error.message === 'fetch failed' ? '' : error.message;
  const text = own !== '' ? own : inner instanceof Error ? inner.message : error.name;
  return text.split('\n')[0] ?? text;
}
