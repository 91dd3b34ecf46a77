import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FaultName } from './operations.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../clients');
const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';

/** CRM/PRM applications written with other people's SOAP libraries: name, command, script, whether faults have a type. */
export const foreignClients = [
  ['PHP SoapClient', 'php', 'prm.php', false],
  ['zeep', python, 'prm_zeep.py', true],
] as const;

/** Nobody, an account with its password (or a digest of it), or a login ticket. */
export type Caller =
  | Record<string, never>
  | { readonly username: string; readonly password: string; readonly digest?: boolean; readonly created?: string }
  | { readonly ticket: string };

/** A fault as the client's own library decoded it, its detail by the type the WSDL gives it. */
export interface TypedFault {
  readonly name: FaultName;
  readonly code: string;
  readonly text: string;
  readonly detail: {
    /** PHP has no class of the WSDL for it: stdClass. */
    readonly $type: string;
    readonly message?: string;
    readonly currentState?: string;
  };
}

export type ForeignAnswer = { readonly value: unknown } | { readonly fault: TypedFault };

export interface ForeignCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly as: Caller;
  readonly version: '1.1' | '1.2';
}

export interface ForeignClient {
  /** Integers are bigint, instants Date, beans have their type in `$type`. Throws when the library itself gives up. */
  call(call: ForeignCall): Promise<ForeignAnswer>;
  close(): Promise<void>;
}

/** An xsi:nil, where leaving the element out would not do. */
export const nil = { $nil: true };

/** Starts one; it stays until closed and keeps the WSDLs it has loaded. */
export function startForeignClient(command: string, script: string, base: string): ForeignClient {
  const child = spawn(command, [join(folder, script), base], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async call(call) {
      child.stdin.write(`${JSON.stringify(call, write)}\n`);
      const { value: line, done } = await lines.next();
      if (done === true) throw new Error(`${script} has ended`);
      const answer = JSON.parse(line, read) as ForeignAnswer | { readonly error: string };
      if ('error' in answer) throw new Error(`${script}, ${call.service}.${call.operation}: ${answer.error}`);
      return answer;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

function write(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? { $int: String(value) } : value;
}

function read(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { $int, $dateTime } = value as { readonly $int?: string; readonly $dateTime?: string };
  if ($int !== undefined) return BigInt($int);
  return $dateTime === undefined ? value : new Date($dateTime);
}
