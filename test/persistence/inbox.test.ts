import { day } from '../../src/core/shared/clock.js';
import { DomainError } from '../../src/core/shared/errors.js';
import type { Idempotency } from '../../src/core/shared/unit-of-work.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeTenant, system } from './support/world.js';

onEveryDatabase('the inbox', (db) => {
  const key = (over: Partial<Idempotency> = {}): Idempotency => ({
    scope: 'chn_1',
    key: 'order-1',
    content: 'create ACME',
    ...over,
  });

  function order(idempotency: Idempotency, fail?: DomainError) {
    return db.persistence.uow.run(system, { name: 'order', requestId: 'r', idempotency }, async (tx) => {
      const tenant = await makeTenant(tx, 'ACME');
      if (fail) throw fail;
      return { id: tenant.id as string | undefined, refused: undefined as string | undefined };
    });
  }

  const made = () => db.persistence.readers.tenants.count(system);

  it('answers the same key and content with the first answer and no second effect', async () => {
    const first = await order(key());
    expect(await order(key())).toEqual({ id: first.id });
    expect(await made()).toBe(1);
  });

  it('refuses the same key with other content', async () => {
    await order(key());
    await expect(order(key({ content: 'create Other' }))).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(await made()).toBe(1);
  });

  it('keeps the keys of different callers apart', async () => {
    await order(key());
    await order(key({ scope: 'chn_2' }));
    await order(key({ key: 'ORDER-1' }));
    expect(await made()).toBe(3);
  });

  it('lets a failed command be tried again', async () => {
    await expect(order(key(), new DomainError('forbidden', { right: 'write' }))).rejects.toThrow();
    await order(key());
    expect(await made()).toBe(1);
  });

  it('remembers a refusal that is an answer, and answers with it each time', async () => {
    const refusal = (error: DomainError) => (error.code === 'not_found' ? { refused: error.code } : undefined);
    const missing = new DomainError('not_found', { kind: 'tenant' });
    expect(await order(key({ refusal }), missing)).toEqual({ refused: 'not_found' });
    expect(await order(key({ refusal }))).toEqual({ refused: 'not_found' });
    expect(await made()).toBe(0);
    await expect(order(key({ key: 'b', refusal }), new DomainError('busy'))).rejects.toMatchObject({ code: 'busy' });
    await order(key({ key: 'b', refusal }));
    expect(await made()).toBe(1);
  });

  it('does one of 20 that come at once and answers them alike', async () => {
    const other = await db.open();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 ? other : db.persistence).uow.run(
          system,
          { name: 'order', requestId: 'r', idempotency: key() },
          async (tx) => ({ id: (await makeTenant(tx, 'ACME')).id }),
        ),
      ),
    );
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await made()).toBe(1);
  });

  it('lets the next of many go on when the one before gave up, however often', async () => {
    const other = await db.open({ poolSize: 20 });
    let tries = 0;
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        other.uow.run(system, { name: 'order', requestId: 'r', idempotency: key() }, async (tx) => {
          tries += 1;
          const { id } = await makeTenant(tx, 'ACME');
          if (tries <= 10) throw new DomainError('forbidden', { right: 'write' });
          return { id };
        }),
      ),
    );
    const refused = answers.filter((answer) => answer.status === 'rejected').map((answer) => answer.reason.code);
    expect(refused).toEqual(new Array(10).fill('forbidden'));
    expect(tries).toBe(11);
    expect(await made()).toBe(1);
  });

  it('forgets after seven days', async () => {
    await order(key());
    db.clock.advance(7 * day - 1);
    await order(key());
    expect(await made()).toBe(1);
    db.clock.advance(1);
    await order(key({ content: 'something else' }));
    expect(await made()).toBe(2);
  });

  it('stores neither answer nor content in the clear', async () => {
    const { id } = await order(key());
    const rows = JSON.stringify(await db.raw.read.all('SELECT * FROM inbox'));
    expect(rows).toContain('order-1');
    expect(rows).not.toContain(id);
    expect(rows).not.toContain('create ACME');
  });
});
