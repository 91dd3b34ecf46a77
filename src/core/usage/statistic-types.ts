/** What a record is counted as. Numbers are known outside and never change or move; new ones are added. */
export interface StatisticType {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** Service names that mean it, in lower case, letters and digits only. */
  readonly services: readonly string[];
}

export const statisticTypes: readonly StatisticType[] = [
  {
    id: 1,
    name: 'SMS_SEND',
    description: 'Short messages sent by applications',
    services: ['shortmessaging', 'sms', 'sendsms', 'smssend', 'binarysms', 'smpp'],
  },
  {
    id: 2,
    name: 'SMS_RECEIVE',
    description: 'Short messages received by applications',
    services: ['receivesms', 'smsreceive', 'smsnotification'],
  },
  {
    id: 3,
    name: 'MMS_SEND',
    description: 'Multimedia messages sent by applications',
    services: ['multimediamessaging', 'mms', 'sendmessage', 'mmssend', 'mm7'],
  },
  {
    id: 4,
    name: 'MMS_RECEIVE',
    description: 'Multimedia messages received by applications',
    services: ['receivemessage', 'mmsreceive', 'messagenotification'],
  },
  { id: 5, name: 'PUSH_MESSAGE', description: 'Push messages', services: ['pushmessage', 'wappush', 'sendpush'] },
  {
    id: 6,
    name: 'CALL_BY_APPLICATION',
    description: 'Calls set up by applications',
    services: ['thirdpartycall', 'calldirection', 'multipartycall', 'multimediamultipartycall'],
  },
  {
    id: 7,
    name: 'CALL_BY_NETWORK',
    description: 'Calls of the network that applications were told of or handled',
    services: ['callnotification', 'callhandling'],
  },
  { id: 8, name: 'AUDIO_CALL', description: 'Audio played in calls', services: ['audiocall', 'playaudio'] },
  {
    id: 9,
    name: 'TERMINAL_LOCATION',
    description: 'Locations of terminals',
    services: ['terminallocation', 'location', 'userlocation'],
  },
  {
    id: 10,
    name: 'TERMINAL_STATUS',
    description: 'States of terminals',
    services: ['terminalstatus', 'userstatus'],
  },
  { id: 11, name: 'PRESENCE', description: 'Presence', services: ['presence'] },
  {
    id: 12,
    name: 'PAYMENT',
    description: 'Charges of amounts and volumes',
    services: ['payment', 'charging', 'amountcharging', 'volumecharging'],
  },
  { id: 13, name: 'SUBSCRIBER_PROFILE', description: 'Profiles of subscribers', services: ['subscriberprofile'] },
  {
    id: 14,
    name: 'DEVICE_CAPABILITIES',
    description: 'Capabilities of devices',
    services: ['devicecapabilities', 'terminalcapabilities'],
  },
  {
    id: 15,
    name: 'QUALITY_OF_SERVICE',
    description: 'Quality of service applied to sessions',
    services: ['applicationdrivenqos', 'qualityofservice', 'qos'],
  },
  { id: 99, name: 'OTHER', description: 'Everything else', services: [] },
];

const other = 99;
const byId = new Map(statisticTypes.map((type) => [type.id, type]));
const byService = new Map(statisticTypes.flatMap(({ id, services }) => services.map((name) => [name, id])));

export function findStatisticType(id: number): StatisticType | undefined {
  return byId.get(id);
}

/** The number of the type a service's records are counted as when they do not say; case, blanks and signs do not matter. */
export function statisticTypeOf(serviceName: string): number {
  return byService.get(serviceName.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) ?? other;
}
