import { alarmChannelsOf } from '../../core/alarms/index.js';
import { type Actor, type Reach, reachOf } from '../../core/shared/actor.js';
import { allOf, anyOf, everything, isAmong, isIn, type Predicate } from './predicate.js';

/** Which rows of a table (under an alias) an actor may see; undefined = none. The only place where reading is authorized. */
export type Scope = (actor: Actor, alias?: string) => Predicate | undefined;

type Limited = Extract<Reach, { everywhere: false }>;

function scope(limited: (reach: Limited, alias: string) => Predicate | undefined): Scope {
  return (actor, alias = 't') => {
    const reach = reachOf(actor, 'read');
    return reach.everywhere ? everything : limited(reach, alias);
  };
}

const subtree = (column: string, reach: Limited): Predicate | undefined =>
  isAmong(column, 'SELECT p.descendant_id FROM tenant_paths p', isIn('p.ancestor_id', reach.tenantIds));

const channel = (column: string, reach: Limited): Predicate | undefined =>
  isIn(column, reach.channelId === null ? [] : [reach.channelId]);

const self = (column: string, reach: Limited): Predicate | undefined =>
  isIn(column, reach.selfUserId === null ? [] : [reach.selfUserId]);

const instancesOfChannel = (column: string, reach: Limited): Predicate | undefined =>
  isAmong(column, 'SELECT i.id FROM instances i', channel('i.channel_id', reach));

const tenantsOfChannel = (column: string, reach: Limited): Predicate | undefined =>
  isAmong(column, 'SELECT c.id FROM tenants c', channel('c.channel_id', reach));

/** Whoever may read anything at all. */
const seesAnything = (reach: Limited): boolean =>
  reach.tenantIds.length > 0 ||
  reach.channelId !== null ||
  reach.selfUserId !== null ||
  reach.memberTenantIds.length > 0;

export const operatorsOnly: Scope = scope(() => undefined);

/** Rows that name a tenant in `tenant_id`. */
export const byTenant: Scope = scope((reach, t) => subtree(`${t}.tenant_id`, reach));

/** The same, and what belongs to the channel that asks. */
export const byTenantOrChannel: Scope = scope((reach, t) =>
  anyOf(subtree(`${t}.tenant_id`, reach), channel(`${t}.channel_id`, reach)),
);

/** Alarms are an operator's matter: the rule is the core's. */
export const alarmScope: Scope = (actor, t = 't') => {
  const channels = alarmChannelsOf(actor);
  return channels === 'all' ? everything : isIn(`${t}.channel_id`, channels);
};

export const byChannel: Scope = scope((reach, t) => channel(`${t}.channel_id`, reach));

export const tenantScope: Scope = scope((reach, t) =>
  anyOf(subtree(`${t}.id`, reach), channel(`${t}.channel_id`, reach), isIn(`${t}.id`, reach.memberTenantIds)),
);

export const instanceScope: Scope = scope((reach, t) =>
  anyOf(
    subtree(`${t}.tenant_id`, reach),
    channel(`${t}.channel_id`, reach),
    isIn(`${t}.tenant_id`, reach.memberTenantIds),
  ),
);

/** What goes with a service account: for whoever may see the account; nobody's for nobody. */
export const ofAccount: Scope = (actor, t = 't') =>
  allOf(
    { text: `${t}.service_account_id <> ''`, params: [] },
    scope((reach) =>
      isAmong(`${t}.service_account_id`, 'SELECT a.id FROM service_accounts a', subtree('a.tenant_id', reach)),
    )(actor, t),
  );

/** Certificates go with their account, as long as they are bound. */
export const certificateScope: Scope = (actor, t = 't') =>
  allOf({ text: `${t}.value_hash <> ${t}.id`, params: [] }, ofAccount(actor, t));

/**
 * Hub-owned ones are for everybody; others for their owner, for the channel that manages them, and for tenants that hold an
 * instance or a pool of them.
 */
export const applicationScope: Scope = scope((reach, t) => {
  if (!seesAnything(reach)) return undefined;
  const held = (source: string) =>
    isAmong(
      `${t}.id`,
      `SELECT h.application_id FROM ${source} h`,
      anyOf(subtree('h.tenant_id', reach), isIn('h.tenant_id', reach.memberTenantIds)),
    );
  // a pool is also there for the tenants below it
  const inherited = isAmong(
    `${t}.id`,
    'SELECT h.application_id FROM license_pools h JOIN tenant_paths a ON a.ancestor_id = h.tenant_id',
    isIn('a.descendant_id', [...reach.tenantIds, ...reach.memberTenantIds]),
  );
  return anyOf(
    { text: `${t}.owner_tenant_id = ''`, params: [] },
    subtree(`${t}.owner_tenant_id`, reach),
    channel(`${t}.channel_id`, reach),
    held('instances'),
    held('license_pools'),
    inherited,
    isAmong(`${t}.id`, 'SELECT i.application_id FROM instances i', channel('i.channel_id', reach)),
  );
});

/** License types and plans follow their application. */
export const ofApplication: Scope = (actor, t = 't') =>
  reachOf(actor, 'read').everywhere
    ? everything
    : isAmong(`${t}.application_id`, 'SELECT x.id FROM applications x', applicationScope(actor, 'x'));

const usersInReach = (column: string, reach: Limited): Predicate | undefined =>
  anyOf(
    self(column, reach),
    isAmong(
      column,
      'SELECT m.user_id FROM memberships m',
      allOf(
        { text: "m.live_key = '0'", params: [] },
        anyOf(subtree('m.tenant_id', reach), channel('m.channel_id', reach)),
      ),
    ),
  );

export const userScope: Scope = scope((reach, t) => usersInReach(`${t}.id`, reach));
export const userEmailScope: Scope = scope((reach, t) => usersInReach(`${t}.user_id`, reach));

export const membershipScope: Scope = scope((reach, t) =>
  anyOf(subtree(`${t}.tenant_id`, reach), channel(`${t}.channel_id`, reach), self(`${t}.user_id`, reach)),
);

/** Pools and licenses: by tenant, or through what the channel manages. */
export const poolScope: Scope = scope((reach, t) =>
  anyOf(
    subtree(`${t}.tenant_id`, reach),
    tenantsOfChannel(`${t}.tenant_id`, reach),
    instancesOfChannel(`${t}.instance_id`, reach),
  ),
);

export const licenseScope: Scope = scope((reach, t) =>
  anyOf(
    subtree(`${t}.tenant_id`, reach),
    tenantsOfChannel(`${t}.tenant_id`, reach),
    instancesOfChannel(`${t}.instance_id`, reach),
    self(`${t}.user_id`, reach),
  ),
);

/** A session at the hub is the person's own; one in an instance also concerns whoever administers the instance. */
export const sessionScope: Scope = scope((reach, t) =>
  anyOf(
    self(`${t}.user_id`, reach),
    channel(`${t}.channel_id`, reach),
    isAmong(`${t}.instance_id`, 'SELECT i.id FROM instances i', subtree('i.tenant_id', reach)),
  ),
);

const groupsOfTenants = (column: string, reach: Limited): Predicate | undefined =>
  anyOf(
    isAmong(column, 'SELECT x.service_level_group_id FROM tenants x', subtree('x.id', reach)),
    isAmong(column, 'SELECT y.service_level_group_id FROM applications y', subtree('y.owner_tenant_id', reach)),
  );

/** Beside the channel, a group is there for whoever may read at a tenant that is in it, or that owns an application in it. */
export const serviceLevelGroupScope: Scope = scope((reach, t) =>
  anyOf(channel(`${t}.channel_id`, reach), groupsOfTenants(`${t}.id`, reach)),
);

/** Agreements follow their group or their instance's tenant; what has ended is for the operator's side. */
export const serviceLevelAgreementScope: Scope = scope((reach, t) =>
  anyOf(
    channel(`${t}.channel_id`, reach),
    allOf(
      { text: `${t}.live_key = '0'`, params: [] },
      anyOf(subtree(`${t}.tenant_id`, reach), groupsOfTenants(`${t}.target_id`, reach)),
    ),
  ),
);
