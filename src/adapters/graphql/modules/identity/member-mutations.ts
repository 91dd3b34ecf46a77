import {
  admitPerson,
  changeMembership,
  disableMembership,
  enableMembership,
  type Membership,
} from '../../../../core/identity/index.js';
import { removeMember } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import {
  AddMembershipInput,
  ChangeMembershipInput,
  type MemberProfileInput,
  type NewMembershipInput,
} from './inputs.js';
import { MembershipPayload } from './payloads.js';

const noProfile = { loginName: '', email: '', givenName: '', familyName: '', locale: '' };

/** `null` clears all of it. */
function profileOf(profile: MemberProfileInput | null | undefined) {
  if (profile === undefined) return {};
  return profile === null ? noProfile : given(profile, noProfile);
}

/** A place as the use cases take it. */
export function placeOf({ profile, ...membership }: NewMembershipInput) {
  return { ...profileOf(profile), ...given(membership, { instanceId: '' }) };
}

async function run({ context, change }: Call, work: (tx: Unit) => Promise<Membership>): Promise<MembershipPayload> {
  return { membership: await shown(context, 'memberships', await change(work)) };
}

export const MemberMutations = mutationsOf('identity', {
  addMembership: mutation(
    AddMembershipInput,
    MembershipPayload,
    'Gives somebody the hub knows a further place.',
    ({ userId, membership }, call) => run(call, (tx) => admitPerson(tx, { ...placeOf(membership), userId })),
  ),
  changeMembership: mutation(
    ChangeMembershipInput,
    MembershipPayload,
    'Changes what a member may do, or what they are known by there.',
    ({ profile, ...input }, call) =>
      run(call, (tx) => changeMembership(tx, { ...given(input, {}), ...profileOf(profile) })),
  ),
  disableMembership: mutation(
    TargetInput,
    MembershipPayload,
    'Takes a member out until enabled: sessions and tokens there end, billing stops.',
    ({ id, expectedVersion }, call) => run(call, (tx) => disableMembership(tx, { id, expectedVersion })),
  ),
  enableMembership: mutation(
    TargetInput,
    MembershipPayload,
    'Lifts the holds you may lift; WRONG_STATE when others remain.',
    (input, call) => run(call, (tx) => enableMembership(tx, input)),
  ),
  removeMembership: mutation(
    TargetInput,
    MembershipPayload,
    'Takes a member out for good: their seats go back.',
    (input, call) => run(call, (tx) => removeMember(tx, input)),
  ),
});
