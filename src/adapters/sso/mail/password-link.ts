import { issuePasswordLink, type RequestPasswordLink } from '../../../core/identity/index.js';
import type { PublishedEvent } from '../../../core/shared/events.js';
import { hashToken, randomToken } from '../../../platform/secrets.js';
import { chooseLanguage, translator } from '../pages/languages.js';
import type { Runner } from '../person-unit.js';
import { lifetimesOf, type SsoPorts } from '../ports.js';
import type { Subscriber } from '../subscriber.js';

/** Sends the set-your-password message. The link is made here, so that no secret ever waits in the outbox. */
export function createPasswordMail(
  ports: Pick<SsoPorts, 'publicUrl' | 'mailer' | 'lifetimes'>,
  runner: Runner,
): Subscriber {
  return {
    name: 'password-mail',
    wants: (event) => event.type === 'identity.password_link_requested',
    async deliver(event) {
      const secret = randomToken();
      const ttl = lifetimesOf(ports).passwordLink;
      const request = requestOf(event);
      const mail = await runner.asHub('sso.issuePasswordLink', (tx) =>
        issuePasswordLink(tx, { request, tokenHash: hashToken(secret), ttlMs: ttl * 1_000 }),
      );
      if (!mail) return;
      const language = chooseLanguage(mail.locale);
      const t = translator(language);
      const link = `${ports.publicUrl}/signin/set-password?t=${secret}&lang=${language}`;
      await ports.mailer.send({
        to: mail.to,
        subject: t('mail.subject'),
        text: [
          mail.name === '' ? t('mail.helloPlain') : t('mail.hello', { name: mail.name }),
          '',
          t('mail.text'),
          '',
          link,
          '',
          t('mail.once', { hours: Math.round(ttl / 3_600) }),
          '',
        ].join('\n'),
      });
    },
  };
}

function requestOf({ payload }: PublishedEvent): RequestPasswordLink {
  const text = (name: keyof RequestPasswordLink): string => (typeof payload[name] === 'string' ? payload[name] : '');
  return {
    userId: text('userId'),
    tenantId: text('tenantId'),
    instanceId: text('instanceId'),
    channelId: text('channelId'),
    locale: text('locale'),
    deliverTo: text('deliverTo'),
  };
}
