import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Clock } from '../core/shared/clock.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

export interface Mailer {
  /** Resolves when the mail is in the folder, or the SMTP server has taken it. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

export interface MailerOptions {
  readonly from: string;
  readonly clock: Clock;
}

/** `file:<folder>` writes each mail as an .eml file; `smtp://` and `smtps://` hand it to a server. @throws {Error} for another URL. */
export function createMailer(mailUrl: string, options: MailerOptions): Mailer {
  if (mailUrl.startsWith('file:'))
    return folderMailer(mailUrl.slice('file:'.length).replace(/^\/\/(?=\/)/, ''), options);
  if (/^smtps?:\/\//.test(mailUrl)) return smtpMailer(mailUrl, options);
  throw new Error('MAIL_URL must begin with file:, smtp:// or smtps://');
}

function folderMailer(folder: string, { from, clock }: MailerOptions): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async send(mail) {
      const { message } = await transport.sendMail({ ...mail, from, date: new Date(clock.now()) });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${clock.now().replaceAll(':', '')}-${randomBytes(4).toString('hex')}.eml`;
      const draft = join(folder, `.${name}`);
      await writeFile(draft, message as Buffer, { mode: 0o600 }); // it may hold a set-password link
      await rename(draft, join(folder, name));
    },
    close: () => transport.close(),
  };
}

function smtpMailer(mailUrl: string, { from, clock }: MailerOptions): Mailer {
  const url = new URL(mailUrl);
  for (const [name, value] of [
    ['connectionTimeout', '5000'],
    ['greetingTimeout', '5000'],
    ['socketTimeout', '20000'],
  ] as const) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  const transport = createTransport(url.toString());
  return {
    async send(mail) {
      await transport.sendMail({ ...mail, from, date: new Date(clock.now()) });
    },
    close: () => transport.close(),
  };
}
