import { readFileSync } from 'node:fs';
import { alarmTypeOf, alarmTypes } from '../../src/core/alarms/index.js';

/** Outsiders have these numbers in their systems: a number keeps its meaning for ever. New types get new numbers. */
const fixed: Readonly<Record<string, number>> = {
  service_account_source_blocked: 1001,
  service_account_locked: 1002,
  traffic_locked: 1003,
  sign_in_blocked: 1004,
  sign_in_source_blocked: 1005,
  sign_in_person_attacked: 1006,
  token_source_blocked: 1007,
  marketplace_source_blocked: 1008,
  marketplace_denies: 1009,
  webhook_failing: 2001,
  webhook_parked: 2002,
  delivery_parked: 2003,
  logout_parked: 2004,
  channel_task_parked: 2005,
  marketplace_directory_failing: 2006,
  journal_broken: 3001,
  signing_keys_unusable: 3002,
  charge_refused: 4001,
  charge_uncollectable: 4002,
  charge_overbilled: 4003,
  gateway_alarm: 5001,
  gateway_unreachable: 5002,
  gateway_overloaded: 5003,
  gateway_storage: 5004,
  gateway_service_level: 5005,
  gateway_notification: 5006,
  gateway_security: 5007,
};

describe('the catalogue of alarms', () => {
  it('has these types under these numbers', () => {
    expect(Object.fromEntries(alarmTypes.map(({ name, number }) => [name, number]))).toEqual(fixed);
    expect(new Set(Object.values(fixed)).size).toBe(alarmTypes.length);
    for (const type of alarmTypes) expect(alarmTypeOf(type.number)).toBe(type);
    expect(alarmTypeOf(0)).toBeUndefined();
  });

  it('is listed in the documentation as it is', () => {
    const page = readFileSync(new URL('../../docs/alarms.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| (\d+) \| `(\w+)` \| (\w+) \| ([^|]+) \|/gm)];
    const listed = rows.map(([, number, name, severity, text]) => ({ number: Number(number), name, severity, text }));
    expect(listed).toEqual(alarmTypes.map(({ number, name, severity, text }) => ({ number, name, severity, text })));
  });
});
