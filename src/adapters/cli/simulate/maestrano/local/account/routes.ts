import { type Answer, basicOf, type Call, fieldsOf, isBasic, type Route } from '../http.js';
import type { LocalMarketplace } from '../model.js';
import { apiBase } from '../saml/routes.js';
import { marketplaceOfApiId, type World } from '../world.js';
import { cancelBill, createBill } from './bills.js';
import { missing, refused, success } from './envelope.js';
import { filterRows } from './filter.js';
import { authenticatePerson } from './password.js';
import { cancelRecurringBill, createRecurringBill, executeRecurringBills } from './recurring.js';
import { shownBill, shownGroup, shownPerson, shownRecurringBill, shownReseller } from './shown.js';

type Row = Readonly<Record<string, unknown>>;
type Work = (marketplace: LocalMarketplace, call: Call) => Answer;

/** The account API of all marketplaces: the credentials say which one is called. */
export function accountRoutes(world: World): readonly Route[] {
  const route = (method: string, path: string, work: Work): Route => ({
    method,
    path: `${apiBase}${path}`,
    handle(call) {
      const basic = basicOf(call.headers);
      const marketplace = marketplaceOfApiId(world, basic?.user ?? '');
      if (marketplace === undefined || !isBasic(basic, marketplace.api.id, marketplace.api.key)) {
        return refused(401, { authentication: ['Invalid API token'] });
      }
      executeRecurringBills(marketplace, world.clock.now());
      return work(marketplace, call);
    },
  });
  const now = () => world.clock.now();
  const writing =
    (write: (marketplace: LocalMarketplace, given: Row) => Answer): Work =>
    (marketplace, call) => {
      const given = fieldsOf(call);
      return given === undefined ? refused(400, { body: ['cannot be read'] }) : write(marketplace, given);
    };

  return [
    route('GET', 'ping', () => success({ msg: 'pong' })),
    ...reading(route, 'groups', ({ groups }) => [...groups.values()].map(shownGroup)),
    ...reading(route, 'bills', ({ bills }) => [...bills.values()].map(shownBill)),
    ...reading(route, 'recurring_bills', ({ recurringBills }) => [...recurringBills.values()].map(shownRecurringBill)),
    ...reading(route, 'resellers', ({ resellers }) => [...resellers.values()].map(shownReseller)),
    route('GET', 'account/resellers/:id/groups', ({ groups, resellers }, { parameters }) => {
      if (!resellers.has(parameters.id!)) return missing();
      return success([...groups.values()].filter(({ resellerId }) => resellerId === parameters.id).map(shownGroup));
    }),
    route('GET', 'account/users', (marketplace, { query }) => success(people(marketplace, query))),
    route('GET', 'account/users/:id', (marketplace, { parameters }) => {
      const person = marketplace.people.get(parameters.id!);
      return person === undefined ? missing() : success(shownPerson(marketplace, person));
    }),
    route('POST', 'account/users/authenticate', writing(authenticatePerson)),
    route(
      'POST',
      'account/bills',
      writing((marketplace, given) => createBill(marketplace, given, now())),
    ),
    route('DELETE', 'account/bills/:id', (marketplace, { parameters }) =>
      cancelBill(marketplace, parameters.id!, now()),
    ),
    route(
      'POST',
      'account/recurring_bills',
      writing((marketplace, given) => createRecurringBill(marketplace, given, now())),
    ),
    route('DELETE', 'account/recurring_bills/:id', (marketplace, { parameters }) =>
      cancelRecurringBill(marketplace, parameters.id!, now()),
    ),
  ];
}

type RouteMaker = (method: string, path: string, work: Work) => Route;

/** A list with filters, and one record. */
function reading(route: RouteMaker, name: string, rows: (marketplace: LocalMarketplace) => readonly Row[]): Route[] {
  return [
    route('GET', `account/${name}`, (marketplace, { query }) => success(filterRows(rows(marketplace), query))),
    route('GET', `account/${name}/:id`, (marketplace, { parameters }) => {
      const row = rows(marketplace).find(({ id }) => id === parameters.id);
      return row === undefined ? missing() : success(row);
    }),
  ];
}

/** People have no column `group_id`: it stands for being in that group. */
function people(marketplace: LocalMarketplace, query: URLSearchParams): readonly Row[] {
  const filters = new URLSearchParams(query);
  const groupUid = filters.get('group_id');
  filters.delete('group_id');
  const inGroup = [...marketplace.people.values()].filter(
    ({ uid }) => groupUid === null || marketplace.groups.get(groupUid)?.members.has(uid) === true,
  );
  return filterRows(
    inGroup.map((person) => shownPerson(marketplace, person)),
    filters,
  );
}
