import type { Protocol } from '../../core/marketplace/index.js';

export interface HubAddress {
  readonly name: string;
  readonly url: string;
}

/** Where a channel describes itself, by protocol, and as what. */
const descriptions: Readonly<Record<Protocol, (channel: string) => readonly [kind: string, path: string]>> = {
  nec: (channel) => ['WSDL', `/ncbs/${encodeURIComponent(channel)}/NcbsIsvService?wsdl`],
  prm: (channel) => ['WSDL', `/channels/${encodeURIComponent(channel)}/prm_op/services/OpService?wsdl`],
  kakapo: (channel) => ['WSDL', `/channels/${encodeURIComponent(channel)}/KakapoProvision/ProvisionV3.asmx?WSDL`],
  maestrano: (channel) => ['Metadata', `/channels/${encodeURIComponent(channel)}/maestrano/metadata`],
};

/** Everything worth a click after a start. */
export function addressesOf(
  url: string,
  channels: readonly { readonly name: string; readonly protocol: Protocol; readonly disabledAt: string | null }[],
  extras: { readonly console: boolean },
): HubAddress[] {
  const served = channels.filter(({ disabledAt }) => disabledAt === null);
  const described = served.map(({ name, protocol }) => {
    const [kind, path] = descriptions[protocol](name);
    return { name: `${kind} ${name}`, url: url + path };
  });
  return [
    { name: 'Landing page', url: `${url}/` },
    { name: 'GraphQL', url: `${url}/graphql` },
    { name: 'OpenID discovery', url: `${url}/oidc/.well-known/openid-configuration` },
    ...(extras.console ? [{ name: 'Console', url: `${url}/console` }] : []),
    ...described,
  ];
}
