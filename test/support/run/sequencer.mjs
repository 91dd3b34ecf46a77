import Sequencer from '@jest/test-sequencer';

/** What takes longest, begun first: whatever begins last decides when a run ends, and a fresh checkout knows no times. */
const slow = [
  'cli/hub',
  'e2e/kakapo',
  'cli/simulate-maestrano',
  'e2e/maestrano',
  'cli/simulate-prm',
  'cli/simulate-kakapo',
  'e2e/foreign-clients',
  'prm/clients',
  'prm/states',
  'graphql/mutations-permissions',
  'graphql/mutations',
  'graphql/modules-read-isolation',
  'graphql/modules-read-compiled',
  'graphql/modules-read-lists',
  'nec/messages',
  'maestrano/checklist',
  'sso/launch-recheck',
  'maestrano/saml/sign-in',
  'e2e/chromium',
  'boundaries/boundaries',
];

export default class SlowestFirst extends Sequencer {
  async sort(tests) {
    const place = ({ path }) => {
      const at = slow.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? slow.length : at;
    };
    return [...(await super.sort(tests))].sort((a, b) => place(a) - place(b));
  }
}
