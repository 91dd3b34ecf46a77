import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { createMailer } from '../../src/platform/mailer.js';
import { testClock } from '../support/clock.js';

const mail = { to: 'ann@acme.example', subject: 'Set your password é', text: 'Open https://hub.example/x' };
const options = { from: 'Mercator <hub@hub.example>', clock: testClock('2026-02-03T04:05:06.007Z') };

describe('mailer', () => {
  it('writes a whole mail into a folder only its owner can read', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'mercator-mail-')), 'mail');
    try {
      const mailer = createMailer(`file:${folder}`, options);
      await mailer.send(mail);
      await mailer.send(mail);
      const [name = '', ...others] = await readdir(folder);
      expect(others).toHaveLength(1);
      expect(name).toMatch(/^2026-02-03T040506\.007Z-[0-9a-f]{8}\.eml$/);
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      const text = await readFile(join(folder, name), 'utf8');
      expect(text).toContain('To: ann@acme.example');
      expect(text).toContain('Date: Tue, 03 Feb 2026 04:05:06 +0000');
      expect(text).toContain('Open https://hub.example/x');
    } finally {
      await rm(join(folder, '..'), { recursive: true });
    }
  });

  it('hands mails to an SMTP server, and cannot be made to add headers or recipients', async () => {
    const received: string[] = [];
    const recipients: string[] = [];
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, callback) {
        recipients.push(...session.envelope.rcptTo.map((to: { address: string }) => to.address));
        stream.setEncoding('utf8').on('data', (part: string) => received.push(part));
        stream.on('end', () => callback());
      },
    });
    const server = smtp.listen(0, '127.0.0.1') as Server;
    await once(server, 'listening');
    const mailer = createMailer(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
    try {
      await mailer.send({ ...mail, subject: 'Hi\r\nBcc: eve@evil.example' });
      expect(recipients).toEqual(['ann@acme.example']);
      expect(received.join('')).not.toMatch(/^Bcc:/m);
      expect(received.join('')).toContain('Open https://hub.example/x');
    } finally {
      mailer.close();
      smtp.close();
    }
  });

  it('refuses another kind of URL', () => {
    expect(() => createMailer('http://x', options)).toThrow('MAIL_URL');
  });
});
