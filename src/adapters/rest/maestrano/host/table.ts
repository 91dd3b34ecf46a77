import { type Connection, connectionOf, type MaestranoChannel } from '../connection.js';
import { type Role, roleRules, usualPaths } from './roles.js';
import { matchTemplate, type Template, templateOf } from './template.js';

interface Route {
  readonly role: Role;
  readonly template: Template;
}

export type Match =
  | { readonly kind: 'found'; readonly role: Role; readonly parameters: Readonly<Record<string, string>> }
  /** The path of a marketplace that is another one, or none at all. */
  | { readonly kind: 'otherMarketplace'; readonly role: Role }
  | { readonly kind: 'wrongMethod'; readonly role: Role; readonly allow: readonly string[] }
  | { readonly kind: 'unknown' };

/** The paths of one channel: the usual ones, and before them those its platform tells where they lie below ours. */
export interface RouteTable {
  /** `path` without its query, from `/maestrano` or `/version` on. */
  match(method: string, path: string): Match;
  /** Whether the path itself says that this channel is meant. */
  names(path: string): boolean;
  /** Whether it says so with the name of its marketplace where that usually stands: no platform can take such a path for another. */
  spells(path: string): boolean;
}

const tables = new WeakMap<MaestranoChannel, RouteTable>();

/** Made once for each state of a channel. */
export function tableOf(channel: MaestranoChannel): RouteTable {
  let table = tables.get(channel);
  if (table === undefined) {
    table = createTable(channel.settings.marketplace, toldPaths(connectionOf(channel, '')));
    tables.set(channel, table);
  }
  return table;
}

function createTable(marketplace: string, told: readonly (readonly [Role, string])[]): RouteTable {
  const asRoutes = (paths: typeof told): Route[] => paths.map(([role, path]) => ({ role, template: templateOf(path) }));
  const own = asRoutes(told);
  const usual = asRoutes(usualPaths);

  function* matches(path: string): Generator<{ role: Role; parameters: Record<string, string>; told: boolean }> {
    for (const { role, template } of own) {
      const parameters = matchTemplate(template, path);
      if (parameters !== undefined) yield { role, parameters, told: true };
    }
    for (const { role, template } of usual) {
      const parameters = matchTemplate(template, path);
      if (parameters !== undefined) yield { role, parameters, told: false };
    }
  }

  const isOther = (parameters: Readonly<Record<string, string>>): boolean =>
    parameters.marketplace !== undefined && parameters.marketplace !== marketplace;

  return {
    match(method, path) {
      const found = [...matches(path)];
      const ours = mostLiteral(found.filter(({ parameters }) => !isOther(parameters)));
      const right = ours.find(({ role }) => roleRules[role].methods.includes(method));
      if (right !== undefined) return { kind: 'found', role: right.role, parameters: right.parameters };
      const first = ours[0] ?? found[0];
      if (first === undefined) return { kind: 'unknown' };
      if (ours.length === 0) return { kind: 'otherMarketplace', role: first.role };
      return {
        kind: 'wrongMethod',
        role: first.role,
        allow: [...new Set(ours.flatMap((one) => roleRules[one.role].methods))],
      };
    },
    names(path) {
      for (const { parameters, told } of matches(path)) {
        if (told || (parameters.marketplace !== undefined && !isOther(parameters))) return true;
      }
      return false;
    },
    spells(path) {
      return usual.some(({ template }) => matchTemplate(template, path)?.marketplace === marketplace);
    },
  };
}

/** Where a word of ours and a name both fit, the word is meant: `toggle_sync` is no group. */
function mostLiteral<T extends { readonly parameters: Readonly<Record<string, string>> }>(found: readonly T[]): T[] {
  const names = ({ parameters }: T): number => Object.keys(parameters).filter((one) => one !== 'marketplace').length;
  const fewest = Math.min(...found.map(names));
  return found.filter((one) => names(one) === fewest);
}

/** Only those that reach us: whoever tells another path has a proxy before us, or is mistaken (`mercator doctor` says so). */
function toldPaths(connection: Connection | undefined): readonly (readonly [Role, string])[] {
  if (connection === undefined) return [];
  const { sso, paths } = connection;
  const all: readonly (readonly [Role, string | undefined])[] = [
    ['samlInit', sso.initPath],
    ['samlConsume', sso.consumePath],
    ['cancelGroup', paths?.groups],
    ['cancelGroupMember', paths?.groupUsers],
    ['connecNotifications', paths?.notifications],
    ['synchronizationStart', paths?.synchronizationStart],
    ['synchronizationToggle', paths?.synchronizationToggle],
    ['synchronizationStatus', paths?.synchronizationStatus],
  ];
  return all.flatMap(([role, path]) => (path !== undefined && isOurs(path) ? [[role, path] as const] : []));
}

/** Whether a call of that path arrives here. */
export function isOurs(path: string): boolean {
  return /^\/maestrano\/./.test(path);
}
