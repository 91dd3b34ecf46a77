import { assignExternalId, freeExternalId } from '../../../../core/marketplace/index.js';
import { given, shown, TargetInput } from '../command.js';
import { mutation, mutationsOf } from '../mutations-of.js';
import { BindExternalIdInput } from './inputs.js';
import { ExternalRefPayload } from './payloads.js';

export const ExternalRefMutations = mutationsOf('marketplace', {
  bindExternalId: mutation(
    BindExternalIdInput,
    ExternalRefPayload,
    'States under which id a channel knows something of ours.',
    async (input, call) => {
      const binding = given(input, { parentId: undefined });
      const id = await call.change((tx) => assignExternalId(tx, binding));
      return { externalRef: await shown(call.context, 'externalRefs', id) };
    },
  ),
  freeExternalId: mutation(
    TargetInput,
    ExternalRefPayload,
    'Lets a channel’s id be used for something else.',
    async (input, call) => {
      const id = await call.change((tx) => freeExternalId(tx, input));
      return { externalRef: await shown(call.context, 'externalRefs', id) };
    },
  ),
});
