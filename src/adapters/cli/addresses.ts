import type { Protocol } from '../../core/marketplace/index.js';

export interface HubAddress {
  readonly name: string;
  readonly url: string;
}

/** Where a channel's description is served, by protocol. */
const descriptions: Partial<Record<Protocol, (channel: string) => string>> = {
  nec: (channel) => `/ncbs/${encodeURIComponent(channel)}/NcbsIsvService?wsdl`,
  prm: (channel) => `/channels/${encodeURIComponent(channel)}/prm_op/services/OpService?wsdl`,
  kakapo: (channel) => `/channels/${encodeURIComponent(channel)}/KakapoProvision/ProvisionV3.asmx?WSDL`,
};

/** Channels that are configured and whose protocol this version does not speak. */
export function unservedAmong<C extends { readonly protocol: Protocol; readonly disabledAt: string | null }>(
  channels: readonly C[],
): C[] {
  return channels.filter(({ protocol, disabledAt }) => descriptions[protocol] === undefined && disabledAt === null);
}

/** Everything worth a click after a start. */
export function addressesOf(
  url: string,
  channels: readonly { readonly name: string; readonly protocol: Protocol; readonly disabledAt: string | null }[],
  extras: { readonly console: boolean },
): HubAddress[] {
  const wsdls = channels.flatMap(({ name, protocol, disabledAt }) => {
    const path = descriptions[protocol]?.(name);
    return path === undefined || disabledAt !== null ? [] : [{ name: `WSDL ${name}`, url: url + path }];
  });
  return [
    { name: 'Landing page', url: `${url}/` },
    { name: 'GraphQL', url: `${url}/graphql` },
    { name: 'OpenID discovery', url: `${url}/oidc/.well-known/openid-configuration` },
    ...(extras.console ? [{ name: 'Console', url: `${url}/console` }] : []),
    ...wsdls,
  ];
}
