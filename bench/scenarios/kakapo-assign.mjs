import { canonicalXml } from '../canonical-xml.mjs';
import { unityHost, unityLicenses } from '../seed-file.mjs';
import { unityFormRequest, unitySoapRequest } from './requests.mjs';

/** The last ones are for the samples, so that what is compared is not measured. */
const sampleUsers = 100;
const licensesPerUser = unityLicenses.length;
/** Nobody is assigned the same twice, in no round and by no variant: this process remembers how far it is. */
const sent = new Map();

function nextFor(name, world, first, share) {
  const at = sent.get(name) ?? 0;
  sent.set(name, at + 1);
  const user = first + Math.floor(at / licensesPerUser);
  if (user >= first + share) throw new Error('no user without licenses is left: choose fewer rounds or seconds');
  const [applicationName, licenseType] = unityLicenses[at % licensesPerUser];
  return { serverHostName: unityHost, broadworksUserId: world.unity.users[user], applicationName, licenseType };
}

function scenario({ name, title, requestOf, comparable, half }) {
  return {
    name,
    title,
    variants: ['hub', 'ceiling'],
    goals: [],
    expects: '<success>true</success>',
    writes: true,
    sample: (world) => {
      const { length } = world.unity.users;
      const share = sampleUsers / 2;
      return requestOf('AddUserLicense', nextFor(`${name} sample`, world, length - sampleUsers + half * share, share));
    },
    comparable,
    requests: (world) => {
      const share = Math.floor((world.unity.users.length - sampleUsers) / 2);
      return () => requestOf('AddUserLicense', nextFor(name, world, half * share, share));
    },
  };
}

export const kakapoAssign = scenario({
  name: 'kakapo-assign',
  title: 'SOAP write: Kakapo AddUserLicense',
  requestOf: unitySoapRequest,
  comparable: canonicalXml,
  half: 0,
});

export const kakapoAssignForm = scenario({
  name: 'kakapo-assign-form',
  title: 'Form write: Kakapo AddUserLicense',
  requestOf: unityFormRequest,
  comparable: (text) => text.replaceAll(/>\s+</g, '><').trim(),
  half: 1,
});
