import { type AccountCertificate, bindCertificate, unbindCertificate } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { hashToken } from '../../../../platform/secrets.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { BindCertificateInput } from './inputs.js';
import { AccountCertificatePayload } from './payloads.js';

async function run(
  { context, run: runUnit }: Call,
  work: (tx: Unit) => Promise<AccountCertificate>,
): Promise<AccountCertificatePayload> {
  const done = await runUnit(async (tx) => {
    const { id, serviceAccountId } = await work(tx);
    return { id, serviceAccountId };
  });
  return {
    serviceAccount: await shown(context, 'serviceAccounts', done.serviceAccountId),
    accountCertificate: await shown(context, 'accountCertificates', done.id),
  };
}

export const CertificateMutations = mutationsOf('marketplace', {
  bindCertificate: mutation(
    BindCertificateInput,
    AccountCertificatePayload,
    'Lets calls signed with a certificate speak for an account. Binding the same again answers what is there.',
    (input, call) => run(call, (tx) => bindCertificate({ hash: hashToken }, tx, given(input, {}))),
  ),
  unbindCertificate: mutation(
    TargetInput,
    AccountCertificatePayload,
    'Refuses calls signed with it from now on.',
    ({ id, expectedVersion }, call) => run(call, (tx) => unbindCertificate(tx, { id, expectedVersion })),
  ),
});
