import type { SqlJournalChain } from '../../src/persistence/index.js';
import { createKeyring, generateSecretKey } from '../../src/platform/keyring.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeTenant, system, write } from './support/world.js';

onEveryDatabase('the journal', (db) => {
  const chain = (): SqlJournalChain => db.persistence.journalChain;
  const entries = async (count: number, name = 't') => {
    for (let at = 0; at < count; at += 1) await write(db.persistence, (tx) => makeTenant(tx, `${name}${at}`));
  };
  const idAt = async (sequence: number) =>
    (await db.raw.read.all<{ id: string }>('SELECT id FROM journal_entries WHERE sequence = ?', [sequence]))[0]!.id;

  it('is sealed in batches into one chain without gaps', async () => {
    await entries(5);
    expect(await chain().seal(3)).toBe(3);
    expect(await chain().verify()).toMatchObject({ entries: 5, sealed: 3, unsealed: 2, broken: null });
    expect(await chain().seal(1_000)).toBe(2);
    expect(await chain().seal(1_000)).toBe(0);
    const feed = db.persistence.readers.journal;
    expect(await feed.head()).toBe(5);
    expect((await feed.after(system, 2, {}, 10)).map((entry) => entry.sequence)).toEqual([3, 4, 5]);
    const seen: number[][] = [];
    const verdict = await chain().verify((done, total) => seen.push([done, total]));
    expect(verdict).toMatchObject({ sealed: 5, unsealed: 0, broken: null });
    expect(verdict.head).toMatch(/^[\w-]{43}$/);
    expect(seen).toEqual([[5, 5]]);
  });

  it('may be sealed by two processes at once', async () => {
    const other = await db.open();
    await entries(40);
    const sealed = await Promise.all(
      [chain(), other.journalChain, chain(), other.journalChain].map((one) => one.seal(15)),
    );
    await chain().seal(100);
    expect(sealed.reduce((a, b) => a + b)).toBe(40);
    expect(await chain().verify()).toMatchObject({ sealed: 40, unsealed: 0, broken: null });
  });

  it('is empty and whole before anything happened', async () => {
    expect(await chain().verify()).toMatchObject({ entries: 0, head: '', broken: null });
  });

  it('goes on under a new key and still verifies under both', async () => {
    const [old, current] = [generateSecretKey('k1'), generateSecretKey('k2')];
    const before = await db.open({ keyring: createKeyring(old) });
    await write(before, (tx) => makeTenant(tx, 'a'));
    await before.journalChain.seal(10);
    const after = await db.open({ keyring: createKeyring(`${current},${old}`) });
    await write(after, (tx) => makeTenant(tx, 'b'));
    await after.journalChain.seal(10);
    expect(await after.journalChain.verify()).toMatchObject({ sealed: 2, broken: null });
    const withoutOld = await db.open({ keyring: createKeyring(current) });
    expect((await withoutOld.journalChain.verify()).broken?.problem).toContain('k1');
  });

  describe('names the first entry that does not fit when', () => {
    beforeEach(async () => {
      await entries(6);
      await chain().seal(4);
      await chain().seal(2);
    });

    const brokenAfter = async (text: string, params: (string | number)[] = []) => {
      expect(await db.raw.execute(text, params)).toBeGreaterThan(0);
      return (await chain().verify()).broken;
    };

    it('an entry was changed', async () => {
      const entryId = await idAt(3);
      expect(await brokenAfter("UPDATE journal_entries SET actor_id = 'me' WHERE sequence = 3")).toMatchObject({
        sequence: 3,
        entryId,
      });
    });

    it.each(['at', 'command', 'tenant_id', 'object_id', 'request_id', 'channel_id', 'payload_hash'])(
      'its %s was changed',
      async (column) => {
        const broken = await brokenAfter(`UPDATE journal_entries SET ${column} = 'x' WHERE sequence = 2`);
        expect(broken?.sequence).toBe(2);
      },
    );

    it('a payload was changed', async () => {
      const entryId = await idAt(2);
      const text = "UPDATE journal_payloads SET after_json = '{}' WHERE entry_id = ?";
      expect(await brokenAfter(text, [entryId])).toMatchObject({ sequence: 2, problem: 'its payload was changed' });
    });

    it('a payload was removed without a trace', async () => {
      const text = 'DELETE FROM journal_payloads WHERE entry_id = ?';
      expect(await brokenAfter(text, [await idAt(2)])).toMatchObject({
        sequence: 2,
        problem: 'its payload is missing',
      });
    });

    it('an entry was deleted', async () => {
      expect(await brokenAfter('DELETE FROM journal_entries WHERE sequence = 3')).toMatchObject({
        sequence: 3,
        problem: 'the entry is missing',
      });
    });

    it('an entry was put in', async () => {
      await db.raw.execute('UPDATE journal_entries SET sequence = sequence + 100 WHERE sequence > 3');
      await entries(1, 'forged');
      await db.raw.execute("UPDATE journal_entries SET sequence = 4, chain_hash = 'x' WHERE sequence IS NULL");
      const broken = await brokenAfter('UPDATE journal_entries SET sequence = sequence - 99 WHERE sequence > 100');
      expect(broken).toMatchObject({ sequence: 4, problem: 'was changed or inserted' });
    });

    it('an entry was added behind the end', async () => {
      await entries(1, 'forged');
      const broken = await brokenAfter(
        "UPDATE journal_entries SET sequence = 7, chain_hash = 'x' WHERE sequence IS NULL",
      );
      expect(broken).toMatchObject({ sequence: 7, problem: 'is under no seal' });
    });

    it('the end was cut off', async () => {
      expect(await brokenAfter('DELETE FROM journal_entries WHERE sequence > 5')).toMatchObject({
        sequence: 6,
        problem: 'the end of the chain is missing',
      });
    });

    it('the end was cut off with its seal', async () => {
      await db.raw.execute('DELETE FROM journal_entries WHERE sequence > 4');
      expect(await brokenAfter('DELETE FROM journal_seals WHERE last_sequence > 4')).not.toBeNull();
    });

    it('the end was cut off and the head moved back', async () => {
      const hash = await db.raw.read.all<{ hash: string }>(
        'SELECT chain_hash AS hash FROM journal_entries WHERE sequence = 4',
      );
      await db.raw.execute('DELETE FROM journal_entries WHERE sequence > 4');
      await db.raw.execute('DELETE FROM journal_seals WHERE last_sequence > 4');
      const text = 'UPDATE journal_heads SET sequence = 4, hash = ?';
      expect(await brokenAfter(text, [hash[0]!.hash])).toMatchObject({ problem: 'the head was changed' });
    });

    it('a seal was changed', async () => {
      const broken = await brokenAfter('UPDATE journal_seals SET entry_count = 9 WHERE last_sequence = 6');
      expect(broken).toMatchObject({ sequence: 5, problem: 'its seal was changed' });
    });
  });

  it('shows an erased payload as erased and holds on', async () => {
    const tenant = await write(db.persistence, (tx) => makeTenant(tx, 'private'));
    await entries(1);
    await chain().seal(10);
    expect(await chain().erase(tenant.id)).toBe(1);
    expect(await chain().erase(tenant.id)).toBe(0);
    expect(await chain().verify()).toMatchObject({ erased: 1, broken: null });
    const [entry] = await db.persistence.readers.journal.after(system, 0, {}, 1);
    expect(entry).toMatchObject({ before: undefined, after: undefined, erasedAt: db.clock.now() });
    expect(JSON.stringify(await db.raw.read.all('SELECT * FROM journal_payloads'))).not.toContain('private');
  });
});
