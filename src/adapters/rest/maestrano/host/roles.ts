import { kibibyte, mebibyte } from './sizes.js';

/** What one of our paths is for. */
export type Role =
  | 'metadata'
  | 'samlInit'
  | 'samlConsume'
  | 'cancelGroup'
  | 'cancelGroupMember'
  | 'connecNotifications'
  | 'synchronizationStatus'
  | 'synchronizationStart'
  | 'synchronizationToggle'
  | 'synchronizationMetadata'
  | 'dependencies'
  | 'version';

export interface RoleRule {
  readonly methods: readonly string[];
  /** `basic`: the id and the key of the marketplace; `none`: anybody, or what the handler itself makes sure of. */
  readonly auth: 'basic' | 'none';
  /** Most bytes of a body; what is beyond is 413. */
  readonly bodyLimit: number;
  /** Whether people see the answer: refusals are pages then. */
  readonly people: boolean;
}

const small = 16 * kibibyte;
const called = { auth: 'basic', bodyLimit: small, people: false } as const;

/** Verbs, credentials and sizes (spec Maestrano 1.2, 1.4, 1.6, 1.8.4, 1.8.6, 1.10). */
export const roleRules: Readonly<Record<Role, RoleRule>> = {
  metadata: { ...called, methods: ['GET', 'HEAD'] },
  samlInit: { methods: ['GET', 'HEAD'], auth: 'none', bodyLimit: 0, people: true },
  samlConsume: { methods: ['POST'], auth: 'none', bodyLimit: 400 * kibibyte, people: true },
  cancelGroup: { ...called, methods: ['DELETE'] },
  cancelGroupMember: { ...called, methods: ['DELETE'] },
  connecNotifications: { ...called, methods: ['POST'], bodyLimit: 5 * mebibyte },
  synchronizationStatus: { ...called, methods: ['GET', 'HEAD'] },
  synchronizationStart: { ...called, methods: ['POST'] },
  synchronizationToggle: { ...called, methods: ['PUT'] },
  synchronizationMetadata: { ...called, methods: ['PUT'] },
  dependencies: { ...called, methods: ['GET', 'HEAD'] },
  version: { methods: ['GET', 'HEAD'], auth: 'none', bodyLimit: 0, people: false },
};

/** Where each stands by itself, the more exact before the less. `:marketplace` is the channel's own name for its marketplace. */
export const usualPaths: readonly (readonly [Role, string])[] = [
  ['metadata', '/maestrano/metadata'],
  ['metadata', '/maestrano/metadata.json'],
  ['samlInit', '/maestrano/auth/saml/init'],
  ['samlConsume', '/maestrano/auth/saml/consume'],
  ['connecNotifications', '/maestrano/connec/notifications'],
  ['dependencies', '/maestrano/dependancies'],
  ['version', '/maestrano/version'],
  ['version', '/version'],
  ['cancelGroup', '/maestrano/account/groups/:id'],
  ['cancelGroupMember', '/maestrano/account/groups/:group_id/users/:id'],
  ['metadata', '/maestrano/metadata/:marketplace'],
  ['metadata', '/maestrano/metadata.json/:marketplace'],
  ['samlInit', '/maestrano/auth/saml/init/:marketplace'],
  ['samlConsume', '/maestrano/auth/saml/consume/:marketplace'],
  ['connecNotifications', '/maestrano/connec/notifications/:marketplace'],
  ['cancelGroup', '/maestrano/account/groups/:id/:marketplace'],
  ['cancelGroupMember', '/maestrano/account/groups/:group_id/users/:id/:marketplace'],
  ['synchronizationStart', '/maestrano/:marketplace/synchronizations'],
  ['synchronizationToggle', '/maestrano/:marketplace/synchronizations/toggle_sync'],
  ['synchronizationMetadata', '/maestrano/:marketplace/synchronizations/update_metadata'],
  ['synchronizationStatus', '/maestrano/:marketplace/synchronizations/:group'],
];
