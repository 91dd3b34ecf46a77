import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Item, type Step, sometime } from './story.js';

const folder = dirname(fileURLToPath(import.meta.url));
const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';

/** The ports of the served WSDL. */
export type Port = 'Soap' | 'Soap12' | 'HttpGet' | 'HttpPost';

/** Clients made of other people's software; by which ports each plays the whole story, and by which the short one. */
export const foreignClients = {
  zeep: { whole: ['Soap'], short: ['Soap12', 'HttpGet', 'HttpPost'], run: runScript(python, 'zeep_client.py') },
  php: { whole: ['Soap'], short: ['Soap12'], run: runScript('php', 'soap_client.php') },
  curl: { whole: ['HttpPost'], short: ['HttpGet'], run: runCurl },
} as const satisfies Record<
  string,
  { readonly whole: readonly Port[]; readonly short: readonly Port[]; run: RunCalls }
>;

export interface ClientCall {
  readonly port: Port;
  readonly operation: string;
  readonly parameters: Step['parameters'];
}

export interface ClientAnswer {
  readonly outcome: Step['outcome'];
  /** As it was sent. */
  readonly text: string;
}

/** All calls in their order, by one process. */
type RunCalls = (url: string, calls: readonly ClientCall[]) => Promise<ClientAnswer[]>;

function runScript(command: string, script: string): RunCalls {
  return async (url, calls) => {
    const printed = await runProgram(command, [join(folder, script), `${url}?WSDL`], JSON.stringify(calls));
    const answers = JSON.parse(printed) as { value?: object; error?: string; text: string }[];
    return answers.map(({ value, error, text }, index) => {
      if (value === undefined) throw new Error(`${script}, ${calls[index]!.operation}: ${error} ${text}`);
      return { outcome: readValue(value), text };
    });
  };
}

/** What a library made of an answer, in the words of a story. */
function readValue(value: object): Step['outcome'] {
  const { success, errorMessage, ...rest } = value as { success: boolean; errorMessage?: string | null };
  if (!success) return errorMessage ?? '';
  const [list] = Object.values(rest) as (Record<string, object[] | null> | null)[];
  if (list === undefined) return true;
  return (Object.values(list ?? {})[0] ?? []).map(readItem);
}

function readItem(item: object): Item {
  const present = Object.entries(item).filter(([, field]) => field !== null);
  return Object.fromEntries(present.map(([name, field]) => [name, readField(name, String(field))]));
}

function readField(name: string, text: string): string {
  return name === 'assignedOn' && Math.abs(Date.parse(text) - Date.now()) < 600_000 ? sometime : text;
}

/** An operator's script: curl encodes the parameters. */
async function runCurl(url: string, calls: readonly ClientCall[]): Promise<ClientAnswer[]> {
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  const requests = calls.map(({ port, operation, parameters }) => [
    ...Object.entries(parameters).map(([name, value]) => `data-urlencode = ${quoted(`${name}=${value}`)}`),
    ...(port === 'HttpGet' ? ['get'] : []),
    `url = ${quoted(`${url}/${operation}`)}`,
    'silent',
    'show-error',
    'write-out = "\\n%{http_code} %{content_type}\\n"',
  ]);
  const printed = await runProgram(
    'curl',
    ['--config', '-'],
    requests.map((lines) => lines.join('\n')).join('\nnext\n'),
  );
  const [end, ...answers] = printed.split('\n200 text/xml; charset=utf-8\n').reverse();
  if (end !== '' || answers.length !== calls.length) throw new Error(`curl: ${answers.length} answers and ${end}`);
  return answers.reverse().map((text) => ({ outcome: readText(text), text }));
}

/** An answer of a form, read without a library. */
export function readText(xml: string): Step['outcome'] {
  const textOf = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (textOf('success') !== 'true') return plain(textOf('errorMessage') ?? xml);
  if (/<ProvisionResponse\b/.test(xml)) return true;
  return [...xml.matchAll(/<(\w+)>\s*(<(\w+)>[^<]*<\/\3>\s*)+<\/\1>/g)].map(([item]) =>
    Object.fromEntries(
      [...item.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, text]) => [name!, readField(name!, plain(text!))]),
    ),
  );
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What is wrong with answers by the schema of the served WSDL, as libxml2 sees it; null for nothing. */
export async function schemaProblems(url: string, texts: readonly string[]): Promise<(string | null)[]> {
  const printed = await runProgram(python, [join(folder, 'check_answers.py'), `${url}?WSDL`], JSON.stringify(texts));
  return JSON.parse(printed) as (string | null)[];
}

/** What `python -m zeep` prints of the served WSDL. */
export function describeByZeep(url: string): Promise<string> {
  return runProgram(python, ['-m', 'zeep', `${url}?WSDL`], '');
}

/** Answers what it prints; throws with its complaints when it fails. */
function runProgram(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const [printed, complaints]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(printed).toString());
      else reject(new Error(`${command} ${args[0]} ended with ${code}: ${Buffer.concat(complaints)}`));
    });
    child.stdin.on('error', () => undefined).end(input);
  });
}
