import { Calls } from './calls';
import { Cause } from './causes';
import { Evidence } from './evidence';
import { TlsPlaces } from './fields';
import { Found } from './mesh-finding';
import { tlsRemedy } from './remedies';
import { Hop } from '../mesh/connections/path';

/** What calls that one `tls` of a DestinationRule breaks are told as. */
export type ToldAtRule = Pick<Found, 'expected' | 'because'>;

/** A finding for each `tls` of a DestinationRule that breaks calls for a cause. */
export function* foundAtRules(evidence: Evidence, cause: Cause, tell: (calls: Calls, hop: Hop) => ToldAtRule): Generator<Found> {
  const places = new TlsPlaces();
  for (const [place, calls] of Calls.grouped(evidence.mesh, evidence.brokenBy(cause), ({ hop }) => places.of(hop))) {
    const [{ object, field }, { hop }] = [place, calls.first];
    const actual = hop.clientTls === 'PLAINTEXT' ? 'DISABLE' : hop.clientTls;
    yield { object, field: [...field, 'mode'], actual, ...tell(calls, hop), ...tlsRemedy(place, calls.first), connections: calls.connections };
  }
}
