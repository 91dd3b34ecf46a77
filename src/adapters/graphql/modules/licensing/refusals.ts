import { DomainError } from '../../../../core/shared/errors.js';
import {
  BoughtElsewhere,
  NotAMember,
  NothingBought,
  OtherLicenseHeld,
  PoolExhausted,
  QuantityBelowUse,
} from './payloads.js';

/** The refusals a client must branch on, as members of the payload's union; all others go on as errors. */
export function seatRefusal(error: unknown): PoolExhausted | NotAMember | NothingBought | OtherLicenseHeld {
  const refused = refusalIn(error);
  switch (refused.code) {
    case 'pool_exhausted':
      return poolExhausted(refused);
    case 'other_license_held':
      return Object.assign(new OtherLicenseHeld(), { message: refused.message, ...refused.params });
    case 'not_found':
      if (refused.params.kind !== 'membership') throw error;
      return Object.assign(new NotAMember(), { message: refused.message });
    default:
      return nothingBought(refused);
  }
}

export function subPurchaseRefusal(error: unknown): PoolExhausted | BoughtElsewhere {
  const refused = refusalIn(error);
  return refused.code === 'pool_exhausted' ? poolExhausted(refused) : boughtElsewhere(refused);
}

export function returnRefusal(error: unknown): QuantityBelowUse | NothingBought | BoughtElsewhere {
  const refused = refusalIn(error);
  switch (refused.code) {
    case 'quantity_below_use':
      return Object.assign(new QuantityBelowUse(), { message: refused.message, ...refused.params });
    case 'unknown_reference':
      return nothingBought(refused);
    default:
      return boughtElsewhere(refused);
  }
}

function refusalIn(error: unknown): DomainError {
  if (!(error instanceof DomainError)) throw error;
  return error;
}

function poolExhausted({ message, params }: DomainError): PoolExhausted {
  return Object.assign(new PoolExhausted(), { message, ...params });
}

function nothingBought(refused: DomainError): NothingBought {
  const { code, params, message } = refused;
  if (code !== 'unknown_reference' || params.kind !== 'licensePool') throw refused;
  return Object.assign(new NothingBought(), { message, licenseType: params.key });
}

function boughtElsewhere(refused: DomainError): BoughtElsewhere {
  const { code, params, message } = refused;
  if (code !== 'wrong_state' || params.kind !== 'licensePool') throw refused;
  return Object.assign(new BoughtElsewhere(), { message });
}
