import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type CsvError, type Info, parse } from 'csv-parse';
import { CliError, exitCodes } from '../exit-codes.js';
import { knownNames, LineProblem, problemOfNames } from './record-fields.js';

/** One record of a file, or what is wrong with its line. Lines count from 1, the header of a CSV too. */
export type Line =
  | { readonly line: number; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly problem: string };

const longestLine = 1_000_000;

export interface LineReader {
  readonly lines: AsyncIterable<Line>;
  /** Bytes of the file, and how many of them were read. */
  readonly size: number;
  read(): number;
}

/**
 * Reads CSV with a header row, or NDJSON, either gzipped or not: what it is shows in its first bytes. Holds a few lines at a time.
 * Throws a CliError when the file cannot be read or its header does not fit.
 */
export async function readLines(file: string): Promise<LineReader> {
  try {
    const { size } = await stat(file);
    const gzipped = (await firstBytes(file)).subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]));
    let source: ReadStream | undefined;
    const lines = {
      [Symbol.asyncIterator]() {
        source = createReadStream(file);
        return linesOf(file, source, gzipped);
      },
    };
    return { lines, size, read: () => source?.bytesRead ?? 0 };
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function* linesOf(file: string, source: ReadStream, gzipped: boolean): AsyncGenerator<Line> {
  const plain: Readable = gzipped ? source.pipe(createGunzip()) : source;
  source.on('error', (error) => plain.destroy(error));
  try {
    const [isJson, whole] = await sniff(plain);
    yield* isJson ? jsonLines(whole) : csvLines(whole, file);
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(file, error);
  } finally {
    source.destroy();
  }
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Looks at the first chunk and puts it back. */
async function sniff(plain: Readable): Promise<[boolean, Readable]> {
  const first = await new Promise<Buffer | null>((resolve, reject) => {
    plain.once('error', reject);
    plain.once('readable', () => {
      plain.off('error', reject);
      resolve(plain.read() as Buffer | null);
    });
  });
  if (first === null) return [false, plain];
  plain.unshift(first);
  return [/^\uFEFF?\s*\{/.test(first.subarray(0, 1_024).toString('utf8')), plain];
}

async function* jsonLines(plain: Readable): AsyncGenerator<Line> {
  let line = 0;
  for await (const text of textLines(plain)) {
    line += 1;
    if (text.trim() !== '') yield jsonLine(line, text);
  }
}

/** Unlike the platform's reader of lines it ends with the error its source ends with. */
async function* textLines(plain: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of plain.setEncoding('utf8')) {
    const parts = (rest + (chunk as string)).split('\n');
    rest = parts.pop()!;
    yield* parts;
    if (rest.length > longestLine) throw new Error(`a line is longer than ${longestLine} characters`);
  }
  yield rest;
}

/** The number as text: JavaScript would round it. */
const wideNumber = /(?<!\\)("transactionId"\s*:\s*)(-?\d{16,})/;

function jsonLine(line: number, text: string): Line {
  try {
    const fields = JSON.parse(text.replace(/^\uFEFF/, '').replace(wideNumber, '$1"$2"')) as unknown;
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw new LineProblem();
    return { line, fields: fields as Record<string, unknown> };
  } catch {
    return { line, problem: 'is no JSON object' };
  }
}

async function* csvLines(plain: Readable, file: string): AsyncGenerator<Line> {
  const broken: Line[] = [];
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestLine,
    on_skip: (error: CsvError | undefined) => {
      broken.push({ line: Number(error?.lines ?? 0), problem: error?.message ?? 'cannot be read' });
      return undefined;
    },
    columns: (header: string[]) => {
      const problem = problemOfNames(header);
      if (problem === undefined) return header;
      throw new CliError(exitCodes.usage, `${file}: the header row does not fit, ${problem}.`, {
        hint: `Columns are: ${knownNames.join(', ')}.`,
      });
    },
  });
  plain.on('error', (error) => parser.destroy(error));
  for await (const row of plain.pipe(parser)) {
    const { info, record } = row as { info: Info; record: Record<string, string> };
    yield* broken.splice(0);
    yield { line: info.lines, fields: record };
  }
  yield* broken;
}

function unreadable(file: string, error: unknown): CliError {
  return new CliError(exitCodes.usage, `${file} cannot be read.`, {
    hint: 'Give a CSV file with a header row, or one JSON object a line; either may be gzipped (docs/usage.md).',
    cause: error,
  });
}
