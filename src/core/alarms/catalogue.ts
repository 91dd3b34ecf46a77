/** From the mildest to the worst. */
export const alarmSeverities = ['WARNING', 'MINOR', 'MAJOR', 'CRITICAL'] as const;
export type AlarmSeverity = (typeof alarmSeverities)[number];

interface AlarmTypeEntry {
  /** What outsiders know the type by: never changed, never given to another. */
  readonly number: number;
  /** The part of the hub that raises it; `gateway` for what gateways report. */
  readonly module: string;
  readonly severity: AlarmSeverity;
  readonly text: string;
}

/** Every type of alarm there is (docs/alarms.md says what to do about each). Numbers from 5001 on are for gateways. */
export const alarmCatalogue = {
  service_account_source_blocked: {
    number: 1001,
    module: 'marketplace',
    severity: 'MINOR',
    text: 'an address is refused after wrong credentials of service accounts',
  },
  service_account_locked: {
    number: 1002,
    module: 'marketplace',
    severity: 'MAJOR',
    text: 'a service account is locked',
  },
  traffic_locked: {
    number: 1003,
    module: 'provisioning',
    severity: 'MAJOR',
    text: 'an instance is locked after wrong traffic passwords',
  },
  sign_in_blocked: {
    number: 1004,
    module: 'identity',
    severity: 'WARNING',
    text: 'sign-in with one name is refused for a while after wrong passwords',
  },
  sign_in_source_blocked: {
    number: 1005,
    module: 'identity',
    severity: 'MINOR',
    text: 'an address is refused for a while after wrong passwords for several names',
  },
  sign_in_person_attacked: {
    number: 1006,
    module: 'identity',
    severity: 'MAJOR',
    text: 'many addresses try passwords for one name',
  },
  token_source_blocked: {
    number: 1007,
    module: 'sso',
    severity: 'MINOR',
    text: 'an address is refused at the token endpoint after wrong client secrets',
  },
  marketplace_source_blocked: {
    number: 1008,
    module: 'marketplace',
    severity: 'MINOR',
    text: 'an address is refused after wrong credentials of a marketplace',
  },
  marketplace_denies: {
    number: 1009,
    module: 'marketplace',
    severity: 'MAJOR',
    text: 'a marketplace does not take the credentials of its channel',
  },
  webhook_failing: {
    number: 2001,
    module: 'webhooks',
    severity: 'MINOR',
    text: 'a webhook fails repeatedly',
  },
  webhook_parked: {
    number: 2002,
    module: 'webhooks',
    severity: 'MAJOR',
    text: 'events for a webhook are no longer tried',
  },
  delivery_parked: {
    number: 2003,
    module: 'relay',
    severity: 'MAJOR',
    text: 'events for a part of the hub are no longer tried',
  },
  logout_parked: {
    number: 2004,
    module: 'sso',
    severity: 'MAJOR',
    text: 'an application could not be told that a session ended',
  },
  channel_task_parked: {
    number: 2005,
    module: 'marketplace',
    severity: 'MAJOR',
    text: 'work for a marketplace is no longer tried',
  },
  marketplace_directory_failing: {
    number: 2006,
    module: 'marketplace',
    severity: 'MAJOR',
    text: 'what a marketplace says about its connection cannot be read',
  },
  journal_broken: {
    number: 3001,
    module: 'journal',
    severity: 'CRITICAL',
    text: 'the chain of the journal does not hold',
  },
  signing_keys_unusable: {
    number: 3002,
    module: 'sso',
    severity: 'CRITICAL',
    text: 'the OpenID signing keys cannot be read',
  },
  charge_refused: {
    number: 4001,
    module: 'billing',
    severity: 'MAJOR',
    text: 'a marketplace does not take a charge',
  },
  charge_uncollectable: {
    number: 4002,
    module: 'billing',
    severity: 'MAJOR',
    text: 'a charge cannot be billed because its customer is gone at the marketplace',
  },
  charge_overbilled: {
    number: 4003,
    module: 'billing',
    severity: 'MAJOR',
    text: 'a bill too many was invoiced and cannot be canceled',
  },
  gateway_alarm: {
    number: 5001,
    module: 'gateway',
    severity: 'MINOR',
    text: 'a gateway reports what no other type names',
  },
  gateway_unreachable: {
    number: 5002,
    module: 'gateway',
    severity: 'MAJOR',
    text: 'a gateway does not reach a network element',
  },
  gateway_overloaded: {
    number: 5003,
    module: 'gateway',
    severity: 'MAJOR',
    text: 'a gateway refuses or delays traffic because of its load',
  },
  gateway_storage: {
    number: 5004,
    module: 'gateway',
    severity: 'MAJOR',
    text: 'a gateway cannot write, or runs out of space',
  },
  gateway_service_level: {
    number: 5005,
    module: 'gateway',
    severity: 'MINOR',
    text: 'traffic is refused because a service level agreement is exceeded',
  },
  gateway_notification: {
    number: 5006,
    module: 'gateway',
    severity: 'MINOR',
    text: 'an application does not take notifications',
  },
  gateway_security: {
    number: 5007,
    module: 'gateway',
    severity: 'MAJOR',
    text: 'a gateway sees an attempt at what is not allowed',
  },
} as const satisfies Record<string, AlarmTypeEntry>;

export type AlarmTypeName = keyof typeof alarmCatalogue;

/** One row of the catalogue. */
export interface AlarmType extends AlarmTypeEntry {
  readonly name: AlarmTypeName;
}

/** By number. */
export const alarmTypes: readonly AlarmType[] = Object.entries(alarmCatalogue)
  .map(([name, entry]) => ({ name: name as AlarmTypeName, ...entry }))
  .sort((a, b) => a.number - b.number);

const byNumber = new Map(alarmTypes.map((type) => [type.number, type]));

export function alarmTypeOf(number: number): AlarmType | undefined {
  return byNumber.get(number);
}

/** What gateways report. */
export type GatewayAlarmName = Extract<AlarmTypeName, `gateway_${string}`>;
/** What the hub finds out by itself, and clears by itself. */
export type HubAlarmName = Exclude<AlarmTypeName, GatewayAlarmName>;
