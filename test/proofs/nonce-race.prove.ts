/**
 * One UsernameToken with a digest, sent 50 times at once to two processes that share a database: exactly one is accepted, and
 * afterwards none, on either process and after a restart. Every sender has an address of its own, so that no throttle helps.
 */
import { type Hub, startHub } from '../support/hub.js';
import { hold, type ProofContext, proofDialects, tally } from '../support/proof.js';
import { digestHeader, necNamespace, necUrl, type SoapReply, soapEnvelope, soapSend } from '../support/soap-call.js';

const senders = 50;

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const rounds = short ? 2 : 20;
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, () => proveOn(dialect, rounds));
    progress(`${dialect}: ${JSON.stringify(figures[dialect])}`);
  }
  return { senders, rounds, ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', rounds: number): Promise<object> {
  const hub = await startHub({ dialect, env: { TRUSTED_PROXIES: '127.0.0.0/8,::1/128' } });
  try {
    const urls = [hub.publicUrl, (await hub.join({ ROLES: 'web' })).url];
    let sent = 0;
    const send = (base: string, header: string): Promise<SoapReply> => {
      sent += 1;
      const message = soapEnvelope(`<Ping xmlns="${necNamespace}"><text>${sent}</text></Ping>`, { header });
      const address = `198.51.${sent >> 8}.${sent & 255}`;
      return soapSend(necUrl(base), message, { authorize: false, headers: { 'x-forwarded-for': address } });
    };
    let last = '';
    for (let round = 0; round < rounds; round += 1) {
      const header = digestHeader();
      const replies = await Promise.all(
        Array.from({ length: senders }, (_, index) => send(urls[index % urls.length]!, header)),
      );
      const kinds = tally(replies.map(kindOf));
      hold(kinds.accepted === 1 && kinds.refused === senders - 1, `1 of ${senders} is accepted`, kinds);
      for (const url of urls) hold(kindOf(await send(url, header)) === 'refused', 'a used token stays used');
      last = header;
    }
    await restart(hub);
    hold(kindOf(await send(hub.publicUrl, last)) === 'refused', 'a used token stays used after a restart');
    hold(kindOf(await send(hub.publicUrl, digestHeader())) === 'accepted', 'a fresh token is accepted after it');
    return { processes: urls.length, accepted: rounds, refused: rounds * (senders - 1) };
  } finally {
    await hub.close();
  }
}

async function restart(hub: Hub): Promise<void> {
  await hub.kill();
  await hub.restart();
}

function kindOf(reply: SoapReply): string {
  if (reply.status === 200 && reply.field('resultCode') === '0') return 'accepted';
  const refused = reply.status === 500 && reply.field('faultstring') === 'Authentication failed';
  return refused ? 'refused' : `${reply.status} ${reply.text.slice(0, 300)}`;
}
