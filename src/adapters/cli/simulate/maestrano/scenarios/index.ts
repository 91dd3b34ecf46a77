import type { MaestranoScenario } from '../context.js';
import { adHocBill } from './ad-hoc-bill.js';
import { billingSetUp } from './billing-set-up.js';
import { companyCreation } from './company-creation.js';
import { emailMatching } from './email-matching.js';
import { groupCancellation } from './group-cancellation.js';
import { initialImport } from './initial-import.js';
import { metadata } from './metadata.js';
import { notifications } from './notifications.js';
import { push } from './push.js';
import { session } from './session.js';
import { subsequentSignOn } from './subsequent-sign-on.js';
import { twoMarketplaces } from './two-marketplaces.js';
import { userCancellation } from './user-cancellation.js';
import { userKnownCompany } from './user-known-company.js';

export const scenarios = {
  metadata,
  'company-creation': companyCreation,
  'user-known-company': userKnownCompany,
  'subsequent-sign-on': subsequentSignOn,
  'email-matching': emailMatching,
  session,
  'billing-set-up': billingSetUp,
  'ad-hoc-bill': adHocBill,
  'group-cancellation': groupCancellation,
  'user-cancellation': userCancellation,
  'initial-import': initialImport,
  push,
  notifications,
  'two-marketplaces': twoMarketplaces,
} as const satisfies Record<string, MaestranoScenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
