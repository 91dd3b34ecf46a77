import { change } from './change.js';
import { purchase } from './purchase.js';
import { remove } from './remove.js';
import { replace } from './replace.js';
import type { Scenario } from './scenario.js';
import { suspend } from './suspend.js';

export const scenarios = {
  purchase,
  'suspend-4.2': suspend('4.2'),
  'suspend-4.3': suspend('4.3'),
  change,
  replace,
  remove,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
