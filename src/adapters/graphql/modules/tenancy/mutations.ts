import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { disableObject, enableObject, terminateObject } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { createTenant, updateTenant } from '../../../../core/tenancy/index.js';
import type { MercatorContext } from '../../services.js';
import { type CommandInput, change, given, shown, TargetInput } from '../command.js';
import { HoldInput, targetOf } from '../lifecycle-inputs.js';
import { CreateTenantInput, contactOf, UpdateTenantInput } from './inputs.js';
import { TenantPayload } from './payloads.js';

@Resolver()
export class TenantMutations {
  @Mutation(() => TenantPayload, {
    description: 'Makes a customer organisation, at the top of a tree or below another.',
  })
  createTenant(
    @Arg('input', () => CreateTenantInput) input: CreateTenantInput,
    @Ctx() context: MercatorContext,
  ): Promise<TenantPayload> {
    const { contact, ...rest } = input;
    const tenant = { ...given(rest, { parentId: '', country: '', timeZone: '' }), ...contactOf(contact) };
    return run(context, 'tenancy.createTenant', input, (tx) => createTenant(tx, tenant));
  }

  @Mutation(() => TenantPayload, { description: 'Changes the profile of a tenant.' })
  updateTenant(
    @Arg('input', () => UpdateTenantInput) input: UpdateTenantInput,
    @Ctx() context: MercatorContext,
  ): Promise<TenantPayload> {
    const { contact, ...rest } = input;
    const tenant = { ...given(rest, { country: '', timeZone: '' }), ...contactOf(contact) };
    return run(context, 'tenancy.updateTenant', input, (tx) => updateTenant(tx, tenant));
  }

  @Mutation(() => TenantPayload, { description: 'Stops a tenant and all below it: sessions end, billing stops.' })
  disableTenant(
    @Arg('input', () => HoldInput) input: HoldInput,
    @Ctx() context: MercatorContext,
  ): Promise<TenantPayload> {
    return run(context, 'tenancy.disableTenant', input, rowOf(disableObject, input));
  }

  @Mutation(() => TenantPayload, { description: 'Lifts the holds you may lift; WRONG_STATE when others remain.' })
  enableTenant(
    @Arg('input', () => HoldInput) input: HoldInput,
    @Ctx() context: MercatorContext,
  ): Promise<TenantPayload> {
    return run(context, 'tenancy.enableTenant', input, rowOf(enableObject, input));
  }

  @Mutation(() => TenantPayload, { description: 'Ends a tenant for good, with its instances and members.' })
  terminateTenant(
    @Arg('input', () => TargetInput) input: TargetInput,
    @Ctx() context: MercatorContext,
  ): Promise<TenantPayload> {
    return run(context, 'tenancy.terminateTenant', input, rowOf(terminateObject, input));
  }
}

const rowOf = (move: typeof disableObject | typeof terminateObject, input: HoldInput) => async (tx: Unit) =>
  (await move(tx, targetOf('tenant', input))).row;

async function run(
  context: MercatorContext,
  name: string,
  input: CommandInput,
  work: (tx: Unit) => Promise<{ readonly id: string }>,
): Promise<TenantPayload> {
  return { tenant: await shown(context, 'tenants', await change(context, name, input, work)) };
}
