import type { Alarm, AlarmCondition, AlarmRepository } from '../../core/alarms/index.js';
import { alarmCatalogue } from '../../core/alarms/index.js';
import { TableRepository } from './table-repository.js';

const counter = 'alarm instances';
const look = 'SELECT current_value AS value FROM counters WHERE name = ?';
const newestText =
  'SELECT id FROM alarms WHERE type_number = ? AND channel_id = ? AND object_id = ? AND subject = ? ORDER BY id DESC LIMIT 1';
const endedText = "SELECT id FROM alarms WHERE open_key = '0' AND ends_at <= ? ORDER BY ends_at, id LIMIT ?";

export class SqlAlarmRepository extends TableRepository<Alarm> implements AlarmRepository {
  get server(): string {
    return this.context.server ?? '';
  }

  async takeTurn(): Promise<void> {
    const { sql } = this.context;
    const mysql = sql.dialect === 'mysql';
    const lock = mysql ? `${look} FOR UPDATE` : look;
    if ((await sql.all(lock, [counter])).length > 0) return;
    await sql.run(
      'INSERT INTO counters (name, current_value) VALUES (?, 0) ' +
        (mysql ? 'ON DUPLICATE KEY UPDATE name = name' : 'ON CONFLICT (name) DO NOTHING'),
      [counter],
    );
    await sql.all(lock, [counter]);
  }

  async nextNumbers(count: number): Promise<bigint> {
    const { sql } = this.context;
    await sql.run('UPDATE counters SET current_value = current_value + ? WHERE name = ?', [count, counter]);
    const [row] = await sql.all<{ value: number }>(look, [counter]);
    if (row === undefined) throw new Error('instance numbers are given after takeTurn');
    return BigInt(row.value - count + 1);
  }

  async newest({ type, channelId = '', objectId = '', subject = '' }: AlarmCondition): Promise<Alarm | undefined> {
    const params = [alarmCatalogue[type].number, channelId, objectId, subject];
    const [row] = await this.context.sql.all<{ id: string }>(newestText, params);
    return row === undefined ? undefined : this.find(row.id);
  }

  async claimEnded(now: string, limit: number): Promise<Alarm[]> {
    const { sql } = this.context;
    const text = sql.dialect === 'mysql' ? `${endedText} FOR UPDATE SKIP LOCKED` : endedText;
    const rows = await sql.all<{ id: string }>(text, [now, String(limit)]);
    const alarms: Alarm[] = [];
    for (const { id } of rows) alarms.push((await this.find(id))!);
    return alarms;
  }
}
