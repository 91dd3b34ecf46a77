import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCli } from '../../src/adapters/cli/index.js';
import { configureChannel } from '../../src/core/marketplace/index.js';
import { cliHub, rows, terminalPorts } from '../cli/support.js';
import { onEveryDatabase } from '../support/databases.js';
import { everything, makeChannel, makeProvider, system } from './support.js';

const header =
  'transactionId,serviceName,timeStamp,origAddr,destAddr,spAccountId,appAccountId,completionStatus,info,additionalProperties';

onEveryDatabase('mercator import cdr', (db) => {
  let folder: string;
  let channelId: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mercator-import-'));
    channelId = await makeChannel(db.persistence);
    await makeProvider(db.persistence, channelId, 'sp1');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(content: string | Buffer, options: readonly string[] = [], signal = new AbortController().signal) {
    const file = join(folder, 'records');
    await writeFile(file, content);
    const terminal = terminalPorts({ openHub: async () => cliHub(db) });
    const code = await runCli(['import', 'cdr', file, ...options], terminal.ports, signal);
    const out = terminal.out();
    const answer = options.includes('--json') ? (JSON.parse(out) as Record<string, unknown>) : {};
    return { code, out, err: terminal.err().replaceAll(file, 'FILE'), answer };
  }

  const imported = async () =>
    (await db.persistence.readers.usage.list(system, channelId, {}, everything)).map((record) => ({
      ...record,
      id: '',
      recordedAt: '',
    }));

  it('reads CSV with the PRM names, quotes, milliseconds and properties', async () => {
    const csv = [
      `\uFEFF${header}`,
      '9007199254740993,Short Messaging,1768467600123,tel:+1,tel:+2,sp1,app1,COMPLETED,"two, ""quoted""\nlines","{""b"":""2"",""a"":null}"',
      '',
      '2,Payment,2026-01-15T10:00:00+01:00,,,sp1,app1,PARTIAL,,"[{""name"":""x"",""value"":""y""}]"',
      '3,Payment,2026-01-15T10:00:00,,,sp9,,FAILED,,',
    ].join('\r\n');
    expect(await run(csv, ['--json'])).toMatchObject({
      code: 0,
      answer: { ok: true, channel: 'gateway', records: 3, accepted: 3, duplicates: 0, unattributed: 1, problems: [] },
    });
    const [first, second, third] = await imported();
    expect(second).toMatchObject({
      transactionId: 9_007_199_254_740_993n,
      providerExternalId: 'sp1',
      applicationExternalId: 'app1',
      occurredAt: '2026-01-15T09:00:00.123Z',
      originAddress: 'tel:+1',
      info: 'two, "quoted"\nlines',
      properties: [
        { name: 'b', value: '2' },
        { name: 'a', value: null },
      ],
    });
    expect(first).toMatchObject({ occurredAt: '2026-01-15T09:00:00.000Z', properties: [{ name: 'x', value: 'y' }] });
    expect(third).toMatchObject({ transactionId: 3n, occurredAt: '2026-01-15T10:00:00.000Z', tenantId: '' });
  });

  const line = (transactionId: number | string, more: object = {}) =>
    JSON.stringify({
      transactionId,
      providerExternalId: 'sp1',
      serviceName: 'Presence',
      occurredAt: '2026-01-15T09:00:00Z',
      completionStatus: 'COMPLETED',
      ...more,
    });

  it('reads NDJSON, gzipped too, with numbers to their last digit', async () => {
    const wide = line(0).replace(':0,', ':9223372036854775807,');
    const text = `${line(1)}\n\n${wide}\n${line('-5', { properties: { a: '1' } })}\n`;
    expect(await run(gzipSync(text))).toMatchObject({ code: 0, err: '' });
    expect((await imported()).map(({ transactionId }) => transactionId).sort()).toEqual([
      -5n,
      1n,
      9_223_372_036_854_775_807n,
    ]);
    const again = await run(text);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toBe('3 records: 0 are new, 3 were there already, 0 contradict what is there, 0 are invalid\n');
  });

  it('tells what is wrong by its line, takes in the rest and ends with 1', async () => {
    await run(line(1));
    const text = [
      line(2),
      line(1, { info: 'other' }),
      '{ broken',
      line(3, { completionStatus: 'DONE' }),
      line(4, { color: 'red' }),
      line(5, { providerExternalId: undefined }),
      line(6, { properties: 'x' }),
      line('1e3'),
      '[]',
      line(7),
    ].join('\n');
    const { code, out, err } = await run(text);
    expect(code).toBe(1);
    expect(out).toBe('10 records: 2 are new, 0 were there already, 1 contradict what is there, 7 are invalid\n');
    expect(err.trim().split('\n')).toEqual([
      'FILE:3: is no JSON object',
      'FILE:4: completionStatus: must be one of COMPLETED, FAILED, PARTIAL, COMPLETED_NOTIFICATION_FAILED, POLICY_DENIED',
      'FILE:5: unknown: color',
      'FILE:6: missing: providerExternalId',
      'FILE:7: properties must be JSON',
      'FILE:8: transactionId must be a whole number',
      'FILE:9: is no JSON object',
      'FILE:2: transaction 1 of sp1 is there with other content',
    ]);
    expect(await rows(db, 'usage_records')).toBe(3);
  });

  it('tells a CSV row that cannot be, by its line', async () => {
    const csv = `${header}\n1,Payment,2026-01-15,,,sp1,,COMPLETED,,\n2,Payment\n3,Payment,2026-01-15,,,sp1,,COMPLETED,,\n`;
    const { code, answer } = await run(csv, ['--json']);
    expect(code).toBe(1);
    expect(answer).toMatchObject({ ok: false, accepted: 2, invalid: 1, problems: [{ line: 3 }] });
  });

  it('refuses a header that does not fit, a missing file and an unknown channel with 2', async () => {
    expect(await run('transactionId,colour\n1,red\n')).toMatchObject({
      code: 2,
      err: expect.stringContaining('the header row does not fit, unknown: colour') as string,
    });
    expect(await run('transactionId,serviceName\n1,x\n')).toMatchObject({
      code: 2,
      err: expect.stringContaining('missing: providerExternalId, occurredAt, completionStatus') as string,
    });
    expect(await run(line(1), ['--channel', 'nowhere'])).toMatchObject({ code: 2 });
    await db.persistence.uow.run(system, { name: 'test', requestId: 'r' }, (tx) =>
      configureChannel(tx, { name: 'carrier', protocol: 'nec', settings: {} }),
    );
    expect(await run(line(1), ['--channel', 'carrier'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('nec'),
    });
    expect(await run(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]))).toMatchObject({ code: 2 });
    const terminal = terminalPorts({ openHub: async () => cliHub(db) });
    const never = new AbortController().signal;
    expect(await runCli(['import', 'cdr', join(folder, 'none')], terminal.ports, never)).toBe(2);
    expect(await rows(db, 'usage_records')).toBe(0);
    await makeChannel(db.persistence, 'second');
    expect(await run(line(1))).toMatchObject({ code: 2, err: expect.stringContaining('gateway, second') as string });
    expect(await run(line(1), ['--channel', 'second'])).toMatchObject({ code: 0 });
  });

  it('ends with 2 where a gzipped file is cut off, after what came before it', async () => {
    const random = () => Math.random().toString(36).repeat(3);
    const whole = Array.from({ length: 6_000 }, (_, n) => line(n, { info: random() })).join('\n');
    const packed = gzipSync(whole);
    const { code, err } = await run(packed.subarray(0, packed.length - 5_000));
    expect([code, err]).toEqual([2, expect.stringContaining('cannot be read')]);
    const there = await rows(db, 'usage_records');
    expect(there).toBeGreaterThan(0);
    expect(there).toBeLessThan(6_000);
    const csv = gzipSync(`${header}\n${'1,Payment,2026-01-15,,,sp1,,COMPLETED,,\n'.repeat(3_000)}`);
    expect((await run(csv.subarray(0, csv.length - 20))).code).toBe(2);
  });

  it('says with --dry-run what it would do, and does nothing', async () => {
    await run(line(1));
    const text = `${line(1)}\n${line(1, { info: 'x' })}\n${line(2)}\n`;
    const dry = await run(text, ['--dry-run']);
    expect(dry.out).toBe(
      '3 records: 1 would be new, 1 were there already, 1 contradict what is there, 0 are invalid\n',
    );
    expect([await rows(db, 'usage_records'), await rows(db, 'usage_statistics')]).toEqual([1, 1]);
  });

  it('goes on where it was stopped', async () => {
    const text = Array.from({ length: 5_000 }, (_, n) => line(n)).join('\n');
    const stopping = new AbortController();
    const begun = run(text, [], stopping.signal);
    stopping.abort();
    const first = await begun;
    expect(first.code).toBe(1);
    expect(first.out).toContain('Stopped before the end; run it again to go on.');
    expect(await rows(db, 'usage_records')).toBeLessThan(5_000);
    expect(await run(text)).toMatchObject({ code: 0 });
    expect(await rows(db, 'usage_records')).toBe(5_000);
    expect(await db.persistence.readers.usage.count(system, channelId, {})).toBe(5_000n);
  });
});
