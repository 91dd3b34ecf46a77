import type { Channel } from '../../../core/marketplace/index.js';
import { type MaestranoSettings, maestranoSettings } from './config.js';

export type MaestranoChannel = Channel & { readonly settings: MaestranoSettings };

/** Where and how one marketplace is reached and reaches us, whether an operator wrote it down or the platform told. */
export interface Connection {
  /** Its name in our paths; the key of the connection (spec Maestrano 1.3). */
  readonly marketplace: string;
  readonly environment: string;
  /** Origin the browser and the marketplace know us by, without a trailing slash. */
  readonly appHost: string;
  readonly api: {
    /** Basic user, and the issuer of our SAML requests. */
    readonly id: string;
    /** Basic password. A secret. */
    readonly key: string;
    /** Origin without a trailing slash. */
    readonly host: string;
    /** With slashes at both ends, such as `/api/v1/`. */
    readonly base: string;
  };
  readonly sso: {
    /** Origin of our own init and consume addresses. */
    readonly idm: string;
    readonly initPath: string;
    readonly consumePath: string;
    /** Origin of the identity provider. */
    readonly idp: string;
    /** Either may be ''; with neither no SAML is believed. */
    readonly x509Certificate: string;
    readonly x509Fingerprint: string;
  };
  /** Where the marketplace believes our other paths to be, as templates (`:id`); absent = the usual ones. */
  readonly paths?: {
    readonly groups?: string | undefined;
    readonly groupUsers?: string | undefined;
    readonly notifications?: string | undefined;
    readonly synchronizationStart?: string | undefined;
    readonly synchronizationToggle?: string | undefined;
    readonly synchronizationStatus?: string | undefined;
  };
  /** null = this marketplace shares no data. */
  readonly connec: { readonly host: string; readonly basePath: string; readonly timeoutMs: number } | null;
}

/** A channel with its settings and their defaults; undefined for one of another protocol, or with settings that are wrong. */
export function asMaestrano(channel: Channel): MaestranoChannel | undefined {
  const settings = channel.protocol === 'maestrano' ? maestranoSettings.safeParse(channel.settings) : undefined;
  return settings?.success === true ? { ...channel, settings: settings.data } : undefined;
}

/** The same of a channel that is not switched off. */
export function servable(channel: Channel): MaestranoChannel | undefined {
  return channel.disabledAt === null ? asMaestrano(channel) : undefined;
}

/** The connection of a channel; undefined while its platform has told nothing yet. */
export function connectionOf(channel: MaestranoChannel, publicUrl: string): Connection | undefined {
  const { settings } = channel;
  const { marketplace, api, sso, connec } = settings;
  if (api === undefined) return channel.discovered === null ? undefined : (channel.discovered as unknown as Connection);
  const host = withoutSlash(api.host);
  return {
    marketplace,
    environment: '',
    appHost: publicUrl,
    api: { id: api.id, key: api.key, host, base: slashed(api.base) },
    sso: {
      idm: publicUrl,
      initPath: `/maestrano/auth/saml/init/${marketplace}`,
      consumePath: `/maestrano/auth/saml/consume/${marketplace}`,
      idp: withoutSlash(sso?.idp ?? host),
      x509Certificate: sso?.x509Certificate ?? '',
      x509Fingerprint: sso?.x509Fingerprint ?? '',
    },
    connec:
      connec === undefined
        ? null
        : {
            host: withoutSlash(connec.host),
            basePath: withoutSlash(connec.basePath),
            timeoutMs: connec.timeout * 1_000,
          },
  };
}

export function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '');
}

/** With one slash at each end. */
export function slashed(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}/`.replace('//', '/');
}
