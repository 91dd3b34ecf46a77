import type { ServedChannel } from '../../src/bootstrap/channel-directory.js';
import { renderLanding } from '../../src/bootstrap/landing.js';

function linksOf(protocol: string, settings: object, known: object = {}): string[] {
  const channel = {
    name: 'unity',
    protocol,
    settings,
    discovered: null,
    suspendedAt: null,
    ...known,
  } as unknown as ServedChannel['channel'];
  const served = { channel, server: {} as ServedChannel['server'] };
  const { html } = renderLanding('https://hub.example', [served]);
  return [...html.matchAll(/href="(\/(?:channels|ncbs)[^"]*)"/g)].map(([, path]) => path!);
}

const service = '/channels/unity/KakapoProvision/ProvisionV3.asmx';

describe('the landing page', () => {
  it('leads to the operations of a Kakapo channel, and to its description alone when its pages are off', () => {
    expect(linksOf('kakapo', { helpPages: true })).toEqual([service, `${service}?WSDL`]);
    expect(linksOf('kakapo', {})).toEqual([service, `${service}?WSDL`]);
    expect(linksOf('kakapo', { helpPages: false })).toEqual([`${service}?WSDL`]);
  });

  it('leads to where people of a Maestrano channel sign in, once they can', () => {
    const place = '/channels/unity/maestrano';
    const both = [`${place}/auth/saml/init`, `${place}/version`];
    expect(linksOf('maestrano', { api: {} })).toEqual(both);
    expect(linksOf('maestrano', {}, { discovered: {} })).toEqual(both);
    expect(linksOf('maestrano', {})).toEqual([`${place}/version`]);
    expect(linksOf('maestrano', { api: {} }, { suspendedAt: 'then' })).toEqual([`${place}/version`]);
  });
});
