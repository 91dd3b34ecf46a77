import { AlarmMutations } from './alarms/mutations.js';
import { ChargeMutations } from './billing/charge-mutations.js';
import { BillingMutations } from './billing/mutations.js';
import { CatalogMutations } from './catalog/mutations.js';
import { ClientMutations } from './identity/client-mutations.js';
import { MemberMutations } from './identity/member-mutations.js';
import { IdentityProviderMutations } from './identity/provider-mutations.js';
import { UserMutations } from './identity/user-mutations.js';
import { LicensingMutations } from './licensing/mutations.js';
import { ServiceAccountMutations } from './marketplace/account-mutations.js';
import { CertificateMutations } from './marketplace/certificate-mutations.js';
import { ChannelMutations } from './marketplace/channel-mutations.js';
import { ChannelRecordMutations } from './marketplace/record-mutations.js';
import { ExternalRefMutations } from './marketplace/reference-mutations.js';
import { WebhookMutations } from './marketplace/webhook-mutations.js';
import { OperationMutations } from './operations/mutations.js';
import { ProvisioningMutations } from './provisioning/mutations.js';
import { RegistrationMutations } from './provisioning/registration-mutations.js';
import { TrafficMutations } from './provisioning/traffic-mutations.js';
import { ServiceLevelMutations } from './servicelevels/mutations.js';
import { TenantMutations } from './tenancy/mutations.js';
import { UsageMutations } from './usage/mutations.js';

export const allMutations = [
  TenantMutations,
  CatalogMutations,
  ProvisioningMutations,
  RegistrationMutations,
  TrafficMutations,
  LicensingMutations,
  BillingMutations,
  ChargeMutations,
  UserMutations,
  MemberMutations,
  ClientMutations,
  IdentityProviderMutations,
  ChannelMutations,
  ServiceAccountMutations,
  CertificateMutations,
  ExternalRefMutations,
  ChannelRecordMutations,
  WebhookMutations,
  ServiceLevelMutations,
  OperationMutations,
  AlarmMutations,
  UsageMutations,
];
