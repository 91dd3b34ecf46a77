import { proposedChanges } from '../../src/core/provisioning/index.js';

const live = {
  name: 'Orchid',
  contact: { name: 'Ute', phone: '' },
  parameters: { size: 'XL', color: 'blue' },
  properties: [
    { name: 'region', value: 'eu' },
    { name: 'trial', value: null },
  ],
};
const asked = (proposed: object) =>
  proposedChanges({ kind: 'update', status: 'OPEN', proposed: proposed as Record<string, unknown> }, live);

test('only what differs is a change, part by part', () => {
  expect(
    asked({
      name: 'Lotus',
      contact: { name: 'Ute', email: 'ute@orchid.example', phone: '' },
      parameters: { size: 'L', weight: '3' },
      properties: [
        { name: 'trial', value: 'over' },
        { name: 'tier', value: null },
      ],
    }),
  ).toEqual([
    { field: 'name', from: 'Orchid', to: 'Lotus' },
    { field: 'contact.email', from: null, to: 'ute@orchid.example' },
    { field: 'parameters.size', from: 'XL', to: 'L' },
    { field: 'parameters.color', from: 'blue', to: null },
    { field: 'parameters.weight', from: null, to: '3' },
    { field: 'properties.region', from: 'eu', to: null },
    { field: 'properties.trial', from: '', to: 'over' },
    { field: 'properties.tier', from: null, to: '' },
  ]);
});

test('another order of properties is none', () => {
  expect(asked({ name: 'Orchid', properties: [...live.properties].reverse(), contact: { name: 'Ute' } })).toEqual([]);
});

test('registrations, deletions and answered requests change nothing any more', () => {
  const proposed = { name: 'Lotus' };
  expect(proposedChanges({ kind: 'register', status: 'OPEN', proposed: {} }, live)).toEqual([]);
  expect(proposedChanges({ kind: 'delete', status: 'OPEN', proposed: {} }, live)).toEqual([]);
  expect(proposedChanges({ kind: 'update', status: 'APPROVED', proposed }, live)).toEqual([]);
});
