import { Ctx, Query, Resolver } from 'type-graphql';
import type { MercatorContext } from '../../services.js';
import { lists } from '../lists.js';
import { relationsOf } from '../reading.js';
import { ViewerTenantType, ViewerType } from './types.js';
import { type Viewer, type ViewerTenant, viewerOf } from './viewer.js';

@Resolver()
class ViewerQueries {
  @Query(() => ViewerType, { description: 'Who you are to the hub.' })
  viewer(@Ctx() { actor }: MercatorContext): Viewer {
    return viewerOf(actor);
  }
}

export const viewerQueries = [
  ViewerQueries,
  relationsOf<Viewer>(ViewerType, {
    one: { user: [lists.users, (viewer) => viewer.userId, 'The person you are; null for machines.'] },
  }),
  relationsOf<ViewerTenant>(ViewerTenantType, {
    one: { tenant: [lists.tenants, (place) => place.tenantId, 'Which one; null when you may not see it.'] },
  }),
];
