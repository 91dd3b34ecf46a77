import { TenancyAndCatalog1763700000001 } from './1763700000001-tenancy-and-catalog.js';
import { ProvisioningLicensingBilling1763700000002 } from './1763700000002-provisioning-licensing-billing.js';
import { Marketplace1763700000003 } from './1763700000003-marketplace.js';
import { Identity1763700000004 } from './1763700000004-identity.js';
import { JournalOutboxInfrastructure1763700000005 } from './1763700000005-journal-outbox-infrastructure.js';
import { InboxSlots1763700000006 } from './1763700000006-inbox-slots.js';
import { RegistrationAndTraffic1763700000007 } from './1763700000007-registration-and-traffic.js';
import { ServiceLevels1763700000008 } from './1763700000008-service-levels.js';
import { Usage1763700000009 } from './1763700000009-usage.js';
import { Alarms1763700000010 } from './1763700000010-alarms.js';
import { AccountLogins1763700000011 } from './1763700000011-account-logins.js';
import { KakapoResellerRefs1763700000012 } from './1763700000012-kakapo-reseller-refs.js';
import { ChannelRecordsEnd1763700000013 } from './1763700000013-channel-records-end.js';
import { ChargesAndLaunches1763700000014 } from './1763700000014-charges-and-launches.js';

/** In the order they run. */
export const migrations = [
  TenancyAndCatalog1763700000001,
  ProvisioningLicensingBilling1763700000002,
  Marketplace1763700000003,
  Identity1763700000004,
  JournalOutboxInfrastructure1763700000005,
  InboxSlots1763700000006,
  RegistrationAndTraffic1763700000007,
  ServiceLevels1763700000008,
  Usage1763700000009,
  Alarms1763700000010,
  AccountLogins1763700000011,
  KakapoResellerRefs1763700000012,
  ChannelRecordsEnd1763700000013,
  ChargesAndLaunches1763700000014,
];
