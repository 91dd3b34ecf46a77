import { runStamp } from '../arguments.js';
import type { Part } from '../run.js';
import type { Transcript } from '../transcript.js';
import type { MaestranoContext } from './context.js';
import { showInGraphql } from './graphql-leg.js';
import type { Prepared } from './prepare.js';
import { marketplaceNames } from './sandbox.js';
import { type ScenarioName, scenarios } from './scenarios/index.js';

export function contextOf(transcript: Transcript, prepared: Prepared): MaestranoContext {
  const { local, sandbox, graphql, publicUrl, app, hubMayCallApp } = prepared;
  const { first, second } = sandbox.channels;
  return {
    transcript,
    local,
    first: { marketplace: local.marketplace(marketplaceNames.first), channelId: first.id },
    second: { marketplace: local.marketplace(marketplaceNames.second), channelId: second.id },
    graphql,
    publicUrl,
    app,
    hubMayCallApp,
    stamp: runStamp(),
  };
}

/** The scenarios, and then what frontends see of them. */
export function partsOf(context: MaestranoContext, names: readonly ScenarioName[]): readonly Part[] {
  const parts = names.map((name) => {
    const { about, run } = scenarios[name];
    return { name, about, play: () => run(context) };
  });
  const afterwards: Part = {
    name: 'afterwards',
    about: 'frontends see all of it',
    play: () => showInGraphql(context),
  };
  return [...parts, afterwards];
}
