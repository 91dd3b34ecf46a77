import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  addLicenseType,
  defineApplication,
  definePlan,
  updateApplication,
  updatePlan,
} from '../../../../core/catalog/index.js';
import { disableObject, enableObject, terminateObject } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import type { MercatorContext } from '../../services.js';
import { type CommandInput, change, given, shown, TargetInput } from '../command.js';
import { HoldInput, targetOf } from '../lifecycle-inputs.js';
import {
  AddLicenseTypeInput,
  DefineApplicationInput,
  DefinePlanInput,
  UpdateApplicationInput,
  UpdatePlanInput,
} from './inputs.js';
import { ApplicationPayload, LicenseTypePayload, PlanPayload } from './payloads.js';

const noTexts = { description: '', accessUrl: '', loginUrl: '', logoutUrl: '' };

@Resolver()
export class CatalogMutations {
  @Mutation(() => ApplicationPayload, { description: 'Defines what is sold, and what its seats are called.' })
  defineApplication(
    @Arg('input', () => DefineApplicationInput) input: DefineApplicationInput,
    @Ctx() context: MercatorContext,
  ): Promise<ApplicationPayload> {
    const { licenseTypes, ...rest } = given(input, { ...noTexts, ownerTenantId: '', licenseTypes: [] });
    const types = (licenseTypes ?? []).map(({ code, name }) => ({ code, name: name ?? code }));
    return run(context, 'catalog.defineApplication', input, (tx) =>
      defineApplication(tx, { ...rest, licenseTypes: types }),
    );
  }

  @Mutation(() => ApplicationPayload, { description: 'Changes how an application presents itself.' })
  updateApplication(
    @Arg('input', () => UpdateApplicationInput) input: UpdateApplicationInput,
    @Ctx() context: MercatorContext,
  ): Promise<ApplicationPayload> {
    return run(context, 'catalog.updateApplication', input, (tx) => updateApplication(tx, given(input, noTexts)));
  }

  @Mutation(() => ApplicationPayload, { description: 'Stops an application for everybody: sessions end.' })
  disableApplication(
    @Arg('input', () => HoldInput) input: HoldInput,
    @Ctx() context: MercatorContext,
  ): Promise<ApplicationPayload> {
    return run(context, 'catalog.disableApplication', input, rowOf(disableObject, input));
  }

  @Mutation(() => ApplicationPayload, { description: 'Lifts the holds you may lift; WRONG_STATE when others remain.' })
  enableApplication(
    @Arg('input', () => HoldInput) input: HoldInput,
    @Ctx() context: MercatorContext,
  ): Promise<ApplicationPayload> {
    return run(context, 'catalog.enableApplication', input, rowOf(enableObject, input));
  }

  @Mutation(() => ApplicationPayload, { description: 'Ends an application for good; refused while it has instances.' })
  terminateApplication(
    @Arg('input', () => TargetInput) input: TargetInput,
    @Ctx() context: MercatorContext,
  ): Promise<ApplicationPayload> {
    return run(context, 'catalog.terminateApplication', input, rowOf(terminateObject, input));
  }

  @Mutation(() => LicenseTypePayload, { description: 'Adds a kind of seat to an application.' })
  async addLicenseType(
    @Arg('input', () => AddLicenseTypeInput) input: AddLicenseTypeInput,
    @Ctx() context: MercatorContext,
  ): Promise<LicenseTypePayload> {
    const type = given(input, { name: undefined });
    const id = await change(context, 'catalog.addLicenseType', input, (tx) => addLicenseType(tx, type));
    return { licenseType: await shown(context, 'licenseTypes', id) };
  }

  @Mutation(() => PlanPayload, { description: 'Defines a price and period of an application.' })
  async definePlan(
    @Arg('input', () => DefinePlanInput) input: DefinePlanInput,
    @Ctx() context: MercatorContext,
  ): Promise<PlanPayload> {
    const plan = given(input, { name: undefined, trialDays: undefined, seats: undefined });
    const id = await change(context, 'catalog.definePlan', input, (tx) => definePlan(tx, plan));
    return { plan: await shown(context, 'plans', id) };
  }

  @Mutation(() => PlanPayload, { description: 'Changes what is sold from now on, or takes it off sale.' })
  async updatePlan(
    @Arg('input', () => UpdatePlanInput) input: UpdatePlanInput,
    @Ctx() context: MercatorContext,
  ): Promise<PlanPayload> {
    const plan = given(input, { trialDays: 0 });
    const id = await change(context, 'catalog.updatePlan', input, (tx) => updatePlan(tx, plan));
    return { plan: await shown(context, 'plans', id) };
  }
}

const rowOf = (move: typeof disableObject | typeof terminateObject, input: HoldInput) => async (tx: Unit) =>
  (await move(tx, targetOf('application', input))).row;

async function run(
  context: MercatorContext,
  name: string,
  input: CommandInput,
  work: (tx: Unit) => Promise<{ readonly id: string }>,
): Promise<ApplicationPayload> {
  return { application: await shown(context, 'applications', await change(context, name, input, work)) };
}
