import { DomainError } from '../../../../core/shared/errors.js';
import { NotAMember, NothingBought, PoolExhausted } from './payloads.js';

/** The refusals a client must branch on, as members of the payload's union; all others go on as errors. */
export function seatRefusal(error: unknown): PoolExhausted | NotAMember | NothingBought {
  if (!(error instanceof DomainError)) throw error;
  const { code, message, params } = error;
  switch (code) {
    case 'pool_exhausted':
      return Object.assign(new PoolExhausted(), { message, ...params });
    case 'unknown_reference':
      if (params.kind !== 'licensePool') throw error;
      return Object.assign(new NothingBought(), { message, licenseType: params.key });
    case 'not_found':
      if (params.kind !== 'membership') throw error;
      return Object.assign(new NotAMember(), { message });
    default:
      throw error;
  }
}
