import { z } from 'zod';
import { parseTrafficClientId, type TrafficName } from '../../core/provisioning/index.js';
import { invalid } from '../../core/shared/errors.js';

/** What a gateway asks about; `name` is undefined when what the application called itself names nothing. */
export type Question =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly name: TrafficName | undefined; readonly password: string };

const text = z.string();
const shapes = z.union([
  z.strictObject({ token: text }),
  z.strictObject({ clientId: text, password: text }),
  z.strictObject({
    spAccountId: text,
    appAccountId: text,
    appInstGroupId: text,
    channel: text.optional(),
    password: text,
  }),
]);

/** Throws `invalid_value` for a body that is none of the three questions. */
export function readQuestion(body: unknown): Question {
  const { success, data } = shapes.safeParse(body);
  if (!success) {
    throw invalid(
      'body',
      'must hold "token", or "clientId" and "password", or "spAccountId", "appAccountId", "appInstGroupId" and "password" (and "channel"), each a text and nothing else',
    );
  }
  if ('token' in data) return { kind: 'token', token: data.token };
  if ('clientId' in data) {
    return { kind: 'password', name: parseTrafficClientId(data.clientId), password: data.password };
  }
  const { spAccountId, appAccountId, appInstGroupId, channel = '', password } = data;
  const name = { channel, provider: spAccountId, application: appAccountId, instance: appInstGroupId };
  return { kind: 'password', name, password };
}
