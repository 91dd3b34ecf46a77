import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogOptions } from '../../src/platform/logger.js';

function capture(options: LogOptions = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    format: 'json',
    ...options,
    stream: { write: (line: string) => void lines.push(line) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
}

describe('logger', () => {
  it('writes one JSON line with level, time and message', () => {
    const { logger, lines, last } = capture();
    logger.info({ requestId: 'req_1' }, 'served %s in %d ms', '/graphql', 4);
    expect(last()).toMatchObject({ level: 'info', requestId: 'req_1', msg: 'served /graphql in 4 ms' });
    expect(last().time).toMatch(/Z$/);
    logger.debug('not shown');
    expect(lines).toHaveLength(1);
  });

  it('hides secrets at any depth, in children and in errors', () => {
    const { logger, lines } = capture();
    const cause = Object.assign(new Error('inner'), { password: 'S3CRET' });
    logger
      .child({ token: 'S3CRET', where: 'here' })
      .child({ password: 'S3CRET' })
      .error({
        err: new Error('outer', { cause }),
        password: 'S3CRET',
        request: {
          headers: { authorization: 'S3CRET', Cookie: 'S3CRET' },
          body: [{ newPassword: 'S3CRET', soapSecret: 'S3CRET' }],
        },
        access_token: 'S3CRET',
        client_secret: 'S3CRET',
        refreshToken: 'S3CRET',
      });
    expect(lines.join('')).not.toContain('S3CRET');
    expect(lines.join('')).toContain('inner');
    expect(lines.join('')).toContain('"where":"here"');
  });

  it('keeps every entry on one line and escapes what could forge another', () => {
    const { logger, lines, last } = capture();
    const attack = 'ok\r\n{"level":"fatal","msg":"forged"}\u001b[2J';
    logger.warn({ name: attack, [attack]: 1 }, attack);
    expect(lines).toHaveLength(1);
    for (const control of ['\r', '\n', '\u001b']) expect(lines[0]!.trimEnd()).not.toContain(control);
    expect(last().name).toBe(attack);
  });

  it('escapes control characters on a terminal too', () => {
    const { logger, lines } = capture({ format: 'pretty' });
    logger.warn({ name: 'a\nb\u001b[2J' }, 'c\r\nd\u001b[2J');
    const text = lines.join('');
    expect(text).not.toContain('\u001b[2J');
    expect(text).not.toMatch(/\nd|\nb/);
    expect(text).toContain('c\\u000d\\u000ad');
  });

  it('cuts giant values, long lists, depth and cycles', () => {
    const { logger, lines, last } = capture();
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    logger.info(
      { text: 'x'.repeat(1_000_000), list: Array(10_000).fill(1), loop, big: 12n, bytes: Buffer.alloc(9) },
      'y'.repeat(1_000_000),
    );
    expect(lines[0]!.length).toBeLessThan(10_000);
    expect(last()).toMatchObject({ big: '12', bytes: '[9 bytes]', loop: { self: '[circular]' } });
  });
});
