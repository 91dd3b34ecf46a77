import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { LicenseUsage } from '../../../../core/billing/index.js';
import type { License, LicensePool, LicensePoolLevel } from '../../../../core/licensing/index.js';
import { Connection } from '../../relay/connection.js';
import { toPageRequest } from '../../relay/list-args.js';
import type { MercatorContext } from '../../services.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { PoolExhausted } from './payloads.js';
import { poolUseOf } from './pool-use.js';
import {
  HeldLicenseType,
  LicensePoolLevelConnection,
  LicensePoolTreeArgs,
  LicensePoolType,
  LicenseUsageType,
} from './types.js';

@Resolver(() => LicensePoolType)
class LicensePoolFields {
  @FieldResolver(() => Int, {
    description: 'Seats left: quantity − used. Below 0 when more were given out than bought.',
  })
  free(@Root() pool: LicensePool): number {
    return pool.quantity - pool.used;
  }

  @FieldResolver(() => Int, { description: 'Seats bought: `quantity`.' })
  purchased(@Root() pool: LicensePool): number {
    return pool.quantity;
  }

  @FieldResolver(() => Int, { description: 'Seats the pools below draw from it.' })
  async subPurchased(@Root() pool: LicensePool, @Ctx() context: MercatorContext): Promise<number> {
    return (await poolUseOf(pool.id, context)).subPurchased;
  }

  @FieldResolver(() => Int, { description: 'Seats people hold from it.' })
  async assigned(@Root() pool: LicensePool, @Ctx() context: MercatorContext): Promise<number> {
    return (await poolUseOf(pool.id, context)).assigned;
  }

  @Query(() => LicensePoolLevelConnection, {
    description:
      'The pools of a tenant and of all live ones below it, from the top down, tenant by tenant; none when you may not see the tenant.',
  })
  licensePoolTree(
    @Args(() => LicensePoolTreeArgs) { tenantId, applicationId, ...list }: LicensePoolTreeArgs,
    @Ctx() { actor, services }: MercatorContext,
  ): Connection<LicensePoolLevel> {
    const { poolTree } = services.readers;
    const question = { tenantId, ...(applicationId ? { applicationId } : {}) };
    const request = toPageRequest(list);
    return new Connection(
      () => poolTree.page(actor, { ...question, ...request }),
      () => poolTree.count(actor, question),
    );
  }
}

export const licensingQueries = [
  rootsOf('licensePool', 'licensePools', lists.licensePools, 'Bought quantities'),
  rootsOf('license', 'licenses', lists.licenses, 'Seats'),
  LicensePoolFields,
  relationsOf<LicensePool>(LicensePoolType, {
    one: {
      tenant: [lists.tenants, (pool) => pool.tenantId, 'Who bought it.'],
      application: [lists.applications, (pool) => pool.applicationId, 'What it has seats of.'],
      licenseType: [lists.licenseTypes, (pool) => pool.licenseTypeId, 'What its seats are called.'],
      instance: [
        lists.instances,
        (pool) => pool.instanceId,
        'The instance it is for; null when it is for the application as such.',
      ],
      parent: [
        lists.licensePools,
        (pool) => pool.parentPoolId,
        'The pool of a tenant above that it draws from; null for the top, and for what you may not see.',
      ],
    },
    many: {
      children: [lists.licensePools, 'parentPoolId', 'The pools that draw from it.'],
      licenses: [lists.licenses, 'poolId', 'Seats of it that are or were held.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
  relationsOf<PoolExhausted>(PoolExhausted, {
    one: {
      tenant: [
        lists.tenants,
        ({ tenantId }) => tenantId ?? null,
        'The level that has run out; null when it is out of your sight.',
      ],
    },
  }),
  relationsOf<License>(HeldLicenseType, {
    one: {
      user: [lists.users, (license) => license.userId, 'Who holds it.'],
      pool: [lists.licensePools, (license) => license.poolId, 'Where it was taken from.'],
      licenseType: [lists.licenseTypes, (license) => license.licenseTypeId, 'What it is called.'],
      application: [lists.applications, (license) => license.applicationId, 'What it is a seat of.'],
      tenant: [lists.tenants, (license) => license.tenantId, 'Where it is held.'],
      instance: [
        lists.instances,
        (license) => license.instanceId,
        'The instance it is for; null when it is for the application as such.',
      ],
    },
    many: { journal: [lists.journal, 'objectId', 'What happened to it: why this person has this seat.'] },
  }),
  relationsOf<LicenseUsage>(LicenseUsageType, {
    one: { licenseType: [lists.licenseTypes, (usage) => usage.licenseTypeId, 'What the seats are called.'] },
  }),
];
