import { InvalidArgumentError } from 'commander';
import { toMilliseconds } from '../../../core/shared/clock.js';
import { systemClock } from '../../../platform/clock.js';
import { CliError, exitCodes } from '../exit-codes.js';

/** Reads the argument `<scenario>`: one of the names, or all. */
export function scenarioAmong(names: readonly string[]): (given: string) => string {
  return (given) => {
    if (given === 'all' || names.includes(given)) return given;
    throw new InvalidArgumentError(`There are ${names.join(', ')} and all.`);
  };
}

export function namesOf<Name extends string>(scenario: string | undefined, names: readonly Name[]): readonly Name[] {
  return scenario === undefined || scenario === 'all' ? names : [scenario as Name];
}

interface RemoteOptions {
  readonly username?: string;
  readonly password?: string;
}

/** What a hub elsewhere wants to be told. @throws {CliError} with what is missing */
export function remoteAccount(url: string, { username, password }: RemoteOptions, whose: string) {
  if (username === undefined || password === undefined) {
    throw new CliError(exitCodes.usage, '--url needs --username and --password.', { hint: whose });
  }
  if (!URL.canParse(url)) throw new CliError(exitCodes.usage, `"${url}" is no URL.`);
  return { username, password };
}

/** Part of every id of one run, so that it can be played again and again. */
export function runStamp(): string {
  return toMilliseconds(systemClock().now()).toString(36);
}
