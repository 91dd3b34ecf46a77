import type { IncomingMessage } from 'node:http';
import type { Connection } from '../../../src/adapters/rest/maestrano/connection.js';
import { createRefusalOf } from '../../../src/adapters/rest/maestrano/host/authenticate.js';
import { second } from '../../../src/core/shared/clock.js';
import { writeBasic } from '../../../src/platform/basic-credentials.js';
import { createLogger } from '../../../src/platform/logger.js';
import { onEveryDatabase } from '../../support/databases.js';

onEveryDatabase('two processes that take turns', (db) => {
  it('begin the count anew for each other: a client that waits to be asked is never refused for it', async () => {
    const { uow, throttles } = db.persistence;
    const ports = { uow, throttles, clock: db.clock, logger: createLogger({ level: 'silent' }) };
    const [asks, takes] = [createRefusalOf(ports), createRefusalOf(ports)];
    const connection = { api: { id: 'app-1', key: 'a key' } } as Connection;
    const call = (authorization?: string) => ({
      request: { headers: { authorization } } as IncomingMessage,
      ...{ channelId: 'chn_1', address: '203.0.113.9', requestId: 'req_1' },
    });
    for (let calls = 0; calls < 25; calls += 1) {
      expect((await asks(call(), connection))?.status).toBe(401);
      expect(await takes(call(writeBasic({ username: 'app-1', password: 'a key' })), connection)).toBeUndefined();
      db.clock.advance(second);
    }
  });
});
