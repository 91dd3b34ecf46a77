import type { MigrationInterface, QueryRunner } from 'typeorm';
import { widenText } from './support/widen-text.js';

/** External ids may have 255 characters; their columns had room for 200. */
const widened = ['external_refs', 'channel_records'];

/** The nearest provider above the tenant a reference means. */
const providerAbove =
  '(SELECT tp.ancestor_id FROM tenant_paths tp JOIN tenants p ON p.id = tp.ancestor_id ' +
  "WHERE tp.descendant_id = external_refs.target_id AND p.kind = 'provider' ORDER BY tp.depth LIMIT 1)";
const ofResellers =
  "external_refs.kind = 'tenant' AND external_refs.channel_id IN (SELECT id FROM channels WHERE protocol = 'kakapo') " +
  "AND external_refs.target_id IN (SELECT id FROM tenants WHERE kind = 'reseller')";

interface Ref {
  readonly id: string;
  readonly channel_id: string;
  readonly external_id: string;
  readonly live_key: string;
}

/** The ids of Kakapo resellers stand under their provider, no longer in the channel as such. */
export class KakapoResellerRefs1763700000012 implements MigrationInterface {
  readonly name = 'KakapoResellerRefs1763700000012';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of widened) await widenText(runner, table, 'external_id', 255);
    await runner.query(
      `UPDATE external_refs SET parent_id = COALESCE(${providerAbove}, '') WHERE parent_id = '' AND ${ofResellers}`,
    );
  }

  /** Of several providers' resellers with one id the version before knows the first; the others stay where it does not look. */
  async down(runner: QueryRunner): Promise<void> {
    const rows: Ref[] = await runner.query(
      'SELECT id, channel_id, external_id, live_key, parent_id FROM external_refs ' +
        `WHERE parent_id <> '' AND ${ofResellers} ORDER BY id`,
    );
    const there: Ref[] = await runner.query(
      "SELECT id, channel_id, external_id, live_key FROM external_refs WHERE kind = 'tenant' AND parent_id = ''",
    );
    const keyOf = (ref: Ref): string => JSON.stringify([ref.channel_id, ref.external_id, ref.live_key]);
    const taken = new Set(there.map(keyOf));
    for (const ref of rows) {
      if (taken.has(keyOf(ref))) continue;
      taken.add(keyOf(ref));
      await runner.query("UPDATE external_refs SET parent_id = '' WHERE id = ?", [ref.id]);
    }
  }
}
