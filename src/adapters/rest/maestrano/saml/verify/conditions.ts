import { type Instant, toMilliseconds } from '../../../../../core/shared/clock.js';
import { readDateTime } from './date-time.js';
import { refuse } from './refused.js';
import type { BelievedResponse } from './verify-response.js';

/** What a response must have been made for. */
export interface Expected {
  /** Address of our consume path. */
  readonly consumeUrl: string;
  readonly apiId: string;
  /** Any address of the identity provider. */
  readonly provider: string;
  readonly now: Instant;
}

const tolerance = 60_000;

/**
 * The validations 6 to 8 of spec Maestrano 1.4, on what was signed. `Destination` and `Issuer` of a Response around a signed assertion
 * are nobody's word: there they can only refuse.
 * @throws Refused
 */
export function checkConditions(response: BelievedResponse, expected: Expected): void {
  const { assertion, outer } = response;
  if (outer.destination !== undefined && outer.destination !== expected.consumeUrl) refuse('destination');
  for (const { recipient } of assertion.confirmations) {
    if (recipient !== undefined && recipient !== expected.consumeUrl) refuse('recipient');
  }
  for (const period of [...assertion.periods, ...assertion.confirmations]) checkPeriod(period, expected.now);
  checkAudiences(assertion.audiences, expected);
  const provider = new URL(expected.provider).origin;
  for (const issuer of [assertion.issuer, ...(outer.issuer === undefined ? [] : [outer.issuer])]) {
    if (originOf(issuer) !== provider) refuse('issuer', issuer.slice(0, 200));
  }
}

function checkPeriod(
  { notBefore, notOnOrAfter }: { readonly notBefore: string | undefined; readonly notOnOrAfter: string | undefined },
  now: Instant,
): void {
  const time = toMilliseconds(now);
  if (notBefore !== undefined && timeOf(notBefore) > time + tolerance) refuse('not_yet_valid');
  if (notOnOrAfter !== undefined && timeOf(notOnOrAfter) <= time - tolerance) refuse('expired');
}

function timeOf(text: string): number {
  const instant = readDateTime(text);
  return instant === null ? refuse('time', text.slice(0, 50)) : toMilliseconds(instant);
}

function checkAudiences(audiences: readonly (readonly string[])[], { consumeUrl, apiId }: Expected): void {
  const us = [`${new URL(consumeUrl).origin}/`, apiId];
  const meant = audiences.length > 0 && audiences.every((names) => names.some((name) => us.includes(name)));
  if (!meant) refuse('audience');
}

/** By its parts, not by how it begins: `https://idp.example.evil/` begins with `https://idp.example`. */
function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null;
}
