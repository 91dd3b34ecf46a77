import type { PrmScenario } from '../context.js';
import { createApplicationGroup, createProviderGroup } from './create-group.js';
import { deactivateAccount } from './deactivate-account.js';
import { deleteAccount } from './delete-account.js';
import { registerApplication } from './register-application.js';
import { registerInstance } from './register-instance.js';
import { registerProvider } from './register-provider.js';
import { updateAccount } from './update-account.js';
import { usage } from './usage.js';

/** Chapter 5 of the PRM guide 4.0, in its order. */
export const scenarios = {
  'register-provider': registerProvider,
  'register-application': registerApplication,
  'register-instance': registerInstance,
  'create-provider-group': createProviderGroup,
  'create-application-group': createApplicationGroup,
  'update-account': updateAccount,
  'deactivate-account': deactivateAccount,
  'delete-account': deleteAccount,
  usage,
} as const satisfies Record<string, PrmScenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
