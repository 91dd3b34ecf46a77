import { basicHeader } from './http.js';
import type { HubPaths, LocalMarketplace } from './model.js';

export interface HubAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a marketplace says to the hub (spec Maestrano 1.2, 1.6, 1.8.4, 1.8.6). No answer is an error. */
export interface HubClient {
  metadata(marketplace: LocalMarketplace): Promise<HubAnswer>;
  cancelGroup(marketplace: LocalMarketplace, groupUid: string): Promise<HubAnswer>;
  cancelMember(marketplace: LocalMarketplace, groupUid: string, personUid: string): Promise<HubAnswer>;
  notify(marketplace: LocalMarketplace, message: object): Promise<HubAnswer>;
  synchronization(marketplace: LocalMarketplace, groupUid: string): Promise<HubAnswer>;
}

const patience = 15_000;

export function createHubClient(): HubClient {
  async function call(
    { api, hubUrl }: LocalMarketplace,
    method: string,
    path: string,
    body?: object,
  ): Promise<HubAnswer> {
    const response = await fetch(`${hubUrl}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: basicHeader(api.id, api.key),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    return { status: response.status, text: await response.text() };
  }

  return {
    metadata: (marketplace) => call(marketplace, 'GET', marketplace.paths.metadata),
    cancelGroup: (marketplace, groupUid) =>
      call(marketplace, 'DELETE', pathOf(marketplace.paths.groups, { id: groupUid })),
    cancelMember: (marketplace, groupUid, personUid) =>
      call(marketplace, 'DELETE', pathOf(marketplace.paths.groupUsers, { group_id: groupUid, id: personUid })),
    notify: (marketplace, message) => call(marketplace, 'POST', marketplace.paths.notifications, message),
    synchronization: (marketplace, groupUid) =>
      call(marketplace, 'GET', pathOf(marketplace.paths.synchronizationStatus, { 'cld-uid': groupUid })),
  };
}

function pathOf(pattern: HubPaths[keyof HubPaths], values: Readonly<Record<string, string>>): string {
  return pattern.replaceAll(/:([a-z_-]+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}
