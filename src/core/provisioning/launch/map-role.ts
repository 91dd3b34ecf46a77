import type { Role } from '../../shared/actor.js';

const known: Readonly<Record<string, Role>> = {
  member: 'MEMBER',
  'power user': 'MEMBER',
  admin: 'ADMIN',
  'super admin': 'OWNER',
  guest: 'VIEWER',
};

/** The role here of a role in a group (spec Maestrano 1.1); one nobody knows is a member's. */
export function mapRole(raw: string): Role {
  const word = raw.trim().toLowerCase();
  return Object.hasOwn(known, word) ? known[word]! : 'MEMBER';
}
