import { errorMessageOf } from '../../../src/adapters/soap/kakapo/answer.js';
import { operations as contract } from '../../../src/adapters/soap/kakapo/contract/index.js';
import { licenseTable, permutationOf } from '../../../src/adapters/soap/kakapo/license-table.js';
import { checkLength } from '../../../src/adapters/soap/kakapo/list-length.js';
import { operations } from '../../../src/adapters/soap/kakapo/operations/index.js';
import { Refusal } from '../../../src/adapters/soap/kakapo/refusal.js';
import { DomainError, type ErrorCode, errorCatalogue } from '../../../src/core/shared/errors.js';

const call = { operation: 'AddUser' };
const texts = (code: ErrorCode, params = {}) => errorMessageOf(new DomainError(code, params), call);

it('every operation of the contract is there, and no other', () => {
  expect(Object.keys(operations).sort()).toEqual(contract.map(({ name }) => name).sort());
});

it('the hub has no words for its own trouble, and some for every refusal', () => {
  expect(errorMessageOf(new Error('disk full'), call)).toBeUndefined();
  const silent = (Object.keys(errorCatalogue) as ErrorCode[]).filter((code) => texts(code) === undefined);
  expect(silent.sort()).toEqual([
    'busy',
    'disable_missing',
    'idempotency_conflict',
    'invalid_cursor',
    'no_license_type',
    'version_conflict',
  ]);
  expect(errorMessageOf(new Refusal('Group taken'), call)).toBe('Group taken');
});

it('texts speak of the levels of the service and repeat what was sent shortened', () => {
  expect(texts('terminated', { kind: 'tenant' })).toBe('System provider, reseller or group was not found');
  expect(texts('forbidden', { right: 'write' })).toBe('The interface user is not allowed to call AddUser');
  expect(texts('already_exists', { kind: 'userEmail', key: 'x'.repeat(300) })).toBe(
    `E-mail address '${'x'.repeat(200)}…' already exists`,
  );
});

it('every permutation of the table is found in any case, and only those', () => {
  for (const [application, types] of Object.entries(licenseTable)) {
    for (const licenseType of types) {
      const spelled = permutationOf(application.toUpperCase(), licenseType.toLowerCase());
      expect(spelled).toEqual({ application, licenseType });
    }
    expect(() => permutationOf(application, 'Platinum')).toThrow(types.join(', '));
  }
});

it('a list that is too long for one answer is refused, not cut', () => {
  expect(checkLength(new Array(50_000))).toHaveLength(50_000);
  expect(() => checkLength(new Array(50_001))).toThrow('The list has more than 50000 items');
});
