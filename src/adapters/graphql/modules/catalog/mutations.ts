import {
  addLicenseType,
  defineApplication,
  definePlan,
  updateApplication,
  updatePlan,
} from '../../../../core/catalog/index.js';
import { disableObject, enableObject, terminateObject } from '../../../../core/provisioning/index.js';
import { given, shown, TargetInput } from '../command.js';
import { HoldInput, targetOf } from '../lifecycle-inputs.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { propertiesOf } from '../properties.js';
import {
  AddLicenseTypeInput,
  DefineApplicationInput,
  DefinePlanInput,
  UpdateApplicationInput,
  UpdatePlanInput,
} from './inputs.js';
import { ApplicationPayload, LicenseTypePayload, PlanPayload } from './payloads.js';

const noTexts = { description: '', accessUrl: '', loginUrl: '', logoutUrl: '' };

const payload = async ({ context }: Call, id: string): Promise<ApplicationPayload> => ({
  application: await shown(context, 'applications', id),
});

type Move = typeof disableObject | typeof terminateObject;
const move = (how: Move) => async (input: HoldInput, call: Call) =>
  payload(call, await call.change(async (tx) => (await how(tx, targetOf('application', input))).row));

export const CatalogMutations = mutationsOf('catalog', {
  defineApplication: mutation(
    DefineApplicationInput,
    ApplicationPayload,
    'Defines what is sold, and what its seats are called.',
    async ({ properties, ...input }, call) => {
      const { licenseTypes, ...rest } = given(input, { ...noTexts, ownerTenantId: '', licenseTypes: [] });
      const types = (licenseTypes ?? []).map(({ code, name }) => ({ code, name: name ?? code }));
      const application = { ...rest, ...propertiesOf(properties), licenseTypes: types };
      return payload(call, await call.change((tx) => defineApplication(tx, application)));
    },
  ),
  updateApplication: mutation(
    UpdateApplicationInput,
    ApplicationPayload,
    'Changes how an application presents itself.',
    async ({ properties, ...input }, call) => {
      const application = { ...given(input, noTexts), ...propertiesOf(properties) };
      return payload(call, await call.change((tx) => updateApplication(tx, application)));
    },
  ),
  disableApplication: mutation(
    HoldInput,
    ApplicationPayload,
    'Stops an application for everybody: sessions end.',
    move(disableObject),
  ),
  enableApplication: mutation(
    HoldInput,
    ApplicationPayload,
    'Lifts the holds you may lift; WRONG_STATE when others remain.',
    move(enableObject),
  ),
  terminateApplication: mutation(
    TargetInput,
    ApplicationPayload,
    'Ends an application for good; refused while it has instances.',
    move(terminateObject),
  ),
  addLicenseType: mutation(
    AddLicenseTypeInput,
    LicenseTypePayload,
    'Adds a kind of seat to an application.',
    async (input, call) => {
      const id = await call.change((tx) => addLicenseType(tx, given(input, { name: undefined })));
      return { licenseType: await shown(call.context, 'licenseTypes', id) };
    },
  ),
  definePlan: mutation(
    DefinePlanInput,
    PlanPayload,
    'Defines a price and period of an application.',
    async (input, call) => {
      const plan = given(input, { name: undefined, trialDays: undefined, seats: undefined });
      return { plan: await shown(call.context, 'plans', await call.change((tx) => definePlan(tx, plan))) };
    },
  ),
  updatePlan: mutation(
    UpdatePlanInput,
    PlanPayload,
    'Changes what is sold from now on, or takes it off sale.',
    async (input, call) => {
      const plan = given(input, { trialDays: 0 });
      return { plan: await shown(call.context, 'plans', await call.change((tx) => updatePlan(tx, plan))) };
    },
  ),
});
