import { createMarketplace } from './marketplace.js';
import { createNecClient, type NecCredential } from './nec-client.js';
import type { MkpVersion } from './sandbox.js';
import { type ScenarioName, scenarios } from './scenarios/index.js';
import type { ScenarioContext } from './scenarios/scenario.js';
import { StepFailed, type Transcript } from './transcript.js';

export interface Target {
  readonly endpoint: string;
  readonly credential: NecCredential;
}

export interface RunOptions {
  readonly names: readonly ScenarioName[];
  readonly targets: Readonly<Record<MkpVersion, Target>>;
  readonly goods: ScenarioContext['goods'];
  readonly signIn: ScenarioContext['signIn'];
  readonly stamp: string;
  readonly signal: AbortSignal;
}

/** Plays the scenarios one after the other; a step that fails ends its scenario, not the others. */
export async function runScenarios(transcript: Transcript, options: RunOptions): Promise<void> {
  for (const name of options.names) {
    if (options.signal.aborted) return;
    const { about, version, run } = scenarios[name];
    const { endpoint, credential } = options.targets[version];
    transcript.begin(name, about);
    try {
      const client = await createNecClient({ endpoint, credential });
      const { goods, signIn, stamp } = options;
      await run({ nec: createMarketplace(client, transcript), transcript, goods, signIn, stamp });
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
    }
  }
}
