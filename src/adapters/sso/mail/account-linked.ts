import type { PublishedEvent } from '../../../core/shared/events.js';
import { chooseLanguage, translator } from '../pages/languages.js';
import type { SsoPorts } from '../ports.js';
import type { Subscriber } from '../subscriber.js';

/**
 * Tells the owner of an account that a marketplace's sign-in was connected to it by their address, and what to do when that was
 * not them (docs/design.md 10.22).
 */
export function createLinkedMail(ports: Pick<SsoPorts, 'publicUrl' | 'mailer' | 'lookups'>): Subscriber {
  return {
    name: 'account-linked-mail',
    wants: (event) => event.type === 'account.linked',
    async deliver({ payload, at }: PublishedEvent) {
      const text = (name: string): string => (typeof payload[name] === 'string' ? payload[name] : '');
      const to = text('email');
      const user = await ports.lookups.users.find(text('userId'));
      if (to === '' || !user || user.terminatedAt !== null) return;
      const language = chooseLanguage(user.locale);
      const t = translator(language);
      const days = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
      const marketplace = (await ports.lookups.channels.find(text('channelId')))?.name ?? t('link.marketplace');
      await ports.mailer.send({
        to,
        subject: t('mail.linkedSubject'),
        text: [
          user.displayName === '' ? t('mail.helloPlain') : t('mail.hello', { name: user.displayName }),
          '',
          t('mail.linked', { marketplace, address: to, time: `${days.format(new Date(at))} UTC` }),
          '',
          t('mail.linkedOther'),
          '',
          `${ports.publicUrl}/signin/forgot?lang=${language}`,
          '',
        ].join('\n'),
      });
    },
  };
}
