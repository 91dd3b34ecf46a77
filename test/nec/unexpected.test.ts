import type { MarketplacePorts } from '../../src/adapters/marketplace.js';
import type { Credentials, SoapCall, SoapRequest } from '../../src/adapters/soap/kit/index.js';
import { answer } from '../../src/adapters/soap/nec/answer.js';
import { createAuthentication, type NecActor } from '../../src/adapters/soap/nec/authenticate.js';
import { commandOf } from '../../src/adapters/soap/nec/command.js';
import type { NecCall, NecContext } from '../../src/adapters/soap/nec/context.js';
import { outcomeOf } from '../../src/adapters/soap/nec/faults.js';
import { DomainError, type ErrorCode, errorCatalogue } from '../../src/core/shared/errors.js';

const actor = { kind: 'serviceAccount', tenantId: null } as NecActor;
const soap = { operation: 'GetRealm', actor, address: '127.0.0.1', requestId: 'req-7' } as SoapCall<unknown, NecActor>;

describe('what nobody expected', () => {
  const logged: unknown[][] = [];
  const context = {
    channel: { id: 'chn_1', name: 'carrier' },
    ports: { logger: { error: (...line: unknown[]) => void logged.push(line) } },
  } as unknown as NecContext;
  const fail = async (): Promise<never> => {
    throw new Error('SELECT secret FROM nowhere');
  };

  it('is code 99 with our request id, its text in the log alone', async () => {
    const got = await answer(context, fail, { requestId: 'r-1' }, soap);
    expect(got).toEqual({ resultCode: 99, resultMessage: 'internal error, retry later (req-7)', requestId: 'r-1' });
    expect(logged).toHaveLength(1);
    expect(logged[0]![0]).toMatchObject({ requestId: 'req-7', operation: 'GetRealm', err: expect.any(Error) });
  });

  it('is 99 for what may be tried again, and never kept under a requestId', async () => {
    const call = { ...context, operation: 'CreateUser', requestId: 'req-7', address: '' } as NecCall;
    const { idempotency } = commandOf(call, { requestId: 'r-1' });
    for (const code of ['busy', 'version_conflict', 'throttled'] as const) {
      const error = new DomainError(code);
      expect(outcomeOf(error)).toEqual({ resultCode: 99, resultMessage: 'retry later' });
      expect(idempotency!.refusal!(error)).toBeUndefined();
    }
    expect(idempotency!.refusal!(new DomainError('already_exists', { kind: 'externalRef' }))).toBeUndefined();
    expect(idempotency!.refusal!(new DomainError('pool_exhausted'))).toMatchObject({ resultCode: 8 });
  });

  it('has a code from the table for every error of the catalogue', () => {
    for (const code of Object.keys(errorCatalogue) as ErrorCode[]) {
      expect([1, 4, 5, 7, 8, 9, 10, 99]).toContain(outcomeOf(new DomainError(code)).resultCode);
    }
  });
});

describe('passwords in the clear', () => {
  const authenticate = createAuthentication(
    { authenticate: async () => actor } as unknown as MarketplacePorts,
    'chn_1',
  );
  const request = (secure: boolean, publicUrl: string) =>
    ({ secure, publicUrl, address: '192.0.2.1' }) as SoapRequest<unknown>;
  const basic: Credentials = { kind: 'basic', username: 'mkp', password: 'secret' };
  const digest: Credentials = {
    kind: 'passwordDigest',
    username: 'mkp',
    digest: Buffer.alloc(20),
    nonce: Buffer.alloc(16),
    created: '2026-01-15T09:00:00Z',
  };

  it('are refused where the hub is known by https', async () => {
    await expect(authenticate(basic, request(false, 'https://hub.example'))).rejects.toMatchObject({
      code: 'authentication_failed',
    });
    await expect(authenticate(basic, request(true, 'https://hub.example'))).resolves.toBe(actor);
    await expect(authenticate(basic, request(false, 'http://localhost:4000'))).resolves.toBe(actor);
    await expect(authenticate(digest, request(false, 'https://hub.example'))).resolves.toBe(actor);
  });
});
