import type { Operation } from '../context.js';
import { alarmOperations } from './alarms.js';
import * as applications from './applications.js';
import * as groups from './groups.js';
import * as instances from './instances.js';
import * as passwords from './passwords.js';
import * as providers from './providers.js';
import * as sessions from './sessions.js';
import { cdrOperations, statisticsOperations } from './usage.js';

/** The 98 operations of the nine services. */
export const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  SpLogin: { ...sessions.forProviders, ...providers.forStrangers },
  SpService: {
    ...providers.forProviders,
    ...applications.forProviders,
    ...instances.forProviders,
    ...groups.forProviders,
    ...passwords.forProviders,
  },
  SpCdrUtil: cdrOperations,
  SpStatisticsUtil: statisticsOperations,
  OpLogin: sessions.forOperators,
  OpService: {
    ...providers.forOperators,
    ...applications.forOperators,
    ...instances.forOperators,
    ...groups.forOperators,
    ...passwords.forOperators,
  },
  OpCdrUtil: cdrOperations,
  OpStatisticsUtil: statisticsOperations,
  OpAlarmUtil: alarmOperations,
};
