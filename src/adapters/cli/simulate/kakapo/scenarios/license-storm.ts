import { expectEqual } from '../../check.js';
import { counterDifferences } from '../console.js';
import { type KakapoContext, type KakapoScenario, resellerOf } from '../context.js';
import { outOfStock, shownGoods } from '../license-goods.js';
import { look } from '../looks.js';
import { hasStock } from '../reads.js';
import type { Answer, Input } from '../unity-client.js';

/** More users than licenses, all at once. */
export const licenseStorm: KakapoScenario = {
  about: 'more users than licenses ask at once: exactly what there is is given',
  async run(context) {
    const plan = planOf(context);
    const created = await createUsers(context, plan);
    if (!created || !(await purchase(context, plan))) return;
    const given = await storm(context, plan);
    await lookAfterwards(context, plan, given);
    await cleanUp(context, plan);
  },
};

/** How many calls are under way at the same time. */
const parallel = 16;

interface Plan {
  readonly reseller: { readonly serverHostName: string; readonly resellerId: string };
  readonly groups: readonly Input[];
  readonly users: readonly { readonly id: Input; readonly group: Input }[];
  /** What the enterprise buys, and how many of these the first group gets. */
  readonly bought: number;
  readonly passedOn: number;
}

function planOf(context: KakapoContext): Plan {
  const { host: serverHostName, storm } = context;
  const resellerId = resellerOf(context, 'storm');
  const reseller = { serverHostName, resellerId };
  const groups = ['a', 'b'].map((name) => ({ ...reseller, groupId: `${resellerId}-${name}` }));
  const users = Array.from({ length: storm.users }, (_, at) => ({
    id: { serverHostName, broadworksUserId: `user-${at}@${resellerId}.example` },
    group: groups[at % groups.length]!,
  }));
  const bought = Math.max(2, Math.floor((storm.stock ?? storm.users / 2) * 0.6));
  return { reseller, groups, users, bought, passedOn: Math.max(1, Math.floor(bought / 3)) };
}

/** All of them bring the same enterprise and the same two groups, which are not there yet. */
function createUsers(context: KakapoContext, { users, reseller }: Plan): Promise<boolean> {
  return context.transcript.step(`${users.length} users at once, with their groups`, async () => {
    const answers = await inParallel(
      context,
      'users',
      users.map(({ id, group }) => ({ ...group, ...id })),
      'AddUserWithHierarchy',
    );
    const refused = answers.filter(({ success }) => !success);
    return {
      operation: 'AddUserWithHierarchy',
      input: { ...reseller, users: users.length },
      result: refused.length === 0 ? 'success' : 'refused',
      seen: `${parallel} at a time`,
      differences: refused.slice(0, 3).map(({ errorMessage }) => String(errorMessage)),
    };
  });
}

async function purchase(
  { unity, storm }: KakapoContext,
  { reseller, groups, bought, passedOn }: Plan,
): Promise<boolean> {
  const buy = { ...reseller, ...storm.license, quantity: bought };
  const played = await unity.call(`the enterprise buys ${bought}`, 'AddResellerLicenseSubPurchase', buy, {
    unless: {
      refusal: outOfStock,
      because: `the provider has no ${shownGoods(storm.license)}`,
    },
  });
  if (!played) return false;
  const give = { ...groups[0]!, ...storm.license, quantity: passedOn };
  await unity.call(`the first group gets ${passedOn} of them`, 'AddGroupLicenseSubPurchase', give);
  return true;
}

/** Answers how many got one. */
async function storm(context: KakapoContext, { users, reseller, bought }: Plan): Promise<number> {
  const { license, stock } = context.storm;
  const calls = users.map(({ id }) => ({ ...id, ...license }));
  let got: Input[] = [];
  await context.transcript.step(`${users.length} users ask for ${shownGoods(license)} at once`, async () => {
    const answers = await inParallel(context, 'licenses', calls, 'AddUserLicense');
    got = calls.filter((_, at) => answers[at]?.success);
    const refusals = answers.flatMap(({ success, errorMessage }) => (success ? [] : [String(errorMessage)]));
    const others = refusals.filter((text) => !namesLevel(text, shownGoods(license)));
    return {
      operation: 'AddUserLicense',
      input: { ...reseller, ...license, users: users.length },
      result: `${got.length} given, ${refusals.length} refused`,
      ...(refusals[0] === undefined ? {} : { meaning: refusals[0] }),
      differences: [
        ...(stock === undefined ? [] : expectEqual('given', got.length, Math.min(stock, users.length))),
        ...(got.length < Math.min(bought, users.length) ? [`${got.length} given of ${bought} bought`] : []),
        ...others.slice(0, 3).map((text) => `a refusal that names no level: ${text}`),
      ],
    };
  });
  const some = got.slice(0, parallel);
  await context.transcript.step('who has one and asks again takes no other', async () => {
    const answers = await inParallel(context, 'licenses', some, 'AddUserLicense');
    const refused = answers.filter(({ success }) => !success);
    return {
      operation: 'AddUserLicense',
      input: { ...reseller, ...license, users: some.length },
      result: refused.length === 0 ? 'success' : 'refused',
      differences: refused.map(({ errorMessage }) => String(errorMessage)),
    };
  });
  return got.length;
}

function namesLevel(text: string, license: string): boolean {
  return /\b(group|reseller|system provider)\b/i.test(text) && text.includes(license);
}

async function lookAfterwards(context: KakapoContext, plan: Plan, given: number): Promise<void> {
  const { unity, host } = context;
  const { license } = context.storm;
  const { reseller, groups, users, bought, passedOn } = plan;
  const dry = given < users.length;
  if (dry) {
    const stockOf = { purchased: passedOn, assigned: passedOn, free: 0 };
    await unity.call('the first group has none left', 'GetGroupLicenses', groups[0]!, {
      check: hasStock('Group', license, stockOf),
    });
    await unity.call('nor has the enterprise', 'GetResellerLicenses', reseller, {
      check: hasStock('Reseller', license, { purchased: bought, assigned: bought - passedOn, free: 0 }),
    });
  }
  await look(context, 'GraphQL: every counter is what its rows add up to', async (console) => {
    const levels = await console.poolsBelow(host, license);
    const below = await console.poolsBelow(reseller.resellerId, license);
    const [provider] = levels;
    const assigned = below.reduce((sum, level) => sum + level.assigned, 0);
    const seen = `${below.map((level) => `${level.tenantKind} ${level.assigned} of ${level.purchased}`).join(', ')}`;
    return {
      operation: 'GraphQL licensePoolTree',
      input: { provider: host },
      seen: `provider: ${provider?.free} free; ${seen}`,
      differences: [
        ...counterDifferences(levels),
        ...(dry ? expectEqual('free at the provider', provider?.free, 0) : []),
        ...(dry ? expectEqual('assigned below the enterprise', assigned, bought) : []),
      ],
    };
  });
}

async function cleanUp(context: KakapoContext, { reseller }: Plan): Promise<void> {
  const { unity, host } = context;
  const { license, stock } = context.storm;
  await unity.call('the enterprise goes with all users', 'DeleteReseller', reseller);
  await look(context, 'and all licenses are back', async (console) => {
    const levels = await console.poolsBelow(host, license);
    return {
      operation: 'GraphQL licensePoolTree',
      input: { provider: host },
      seen: `provider: ${levels[0]?.free} free`,
      differences: [
        ...counterDifferences(levels),
        ...(stock === undefined ? [] : expectEqual('free at the provider', levels[0]?.free, stock)),
      ],
    };
  });
}

/** Calls one operation with each input, some at a time; the answers are in the order of the inputs. */
async function inParallel(
  context: KakapoContext,
  label: string,
  inputs: readonly Input[],
  operation: string,
): Promise<readonly Answer[]> {
  const client = await context.client();
  const progress = context.progress(label);
  const answers: Answer[] = [];
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    for (let at = next++; at < inputs.length; at = next++) {
      answers[at] = await client.call(operation, inputs[at]!);
      done += 1;
      progress.report(done, inputs.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    progress.finish();
  }
  return answers;
}
