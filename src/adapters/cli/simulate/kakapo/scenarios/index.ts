import type { KakapoScenario } from '../context.js';
import { licenseStorm } from './license-storm.js';
import { lockAndUnlock } from './lock-and-unlock.js';
import { onboarding } from './onboarding.js';
import { teardown } from './teardown.js';

export const scenarios = {
  onboarding,
  'license-storm': licenseStorm,
  'lock-and-unlock': lockAndUnlock,
  teardown,
} as const satisfies Record<string, KakapoScenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
