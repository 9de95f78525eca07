import { Calls } from './calls';
import { Cause } from './causes';
import { Evidence } from './evidence';
import { Found } from './mesh-finding';
import { TlsPlaces } from './tls-place';
import { tlsRemedy } from './tls-remedy';
import { Leg } from '../mesh/connections/leg';

/** What calls that one `tls` of a DestinationRule breaks are told as. */
export type ToldAtRule = Pick<Found, 'expected' | 'because'>;

/** A finding for each `tls` of a DestinationRule that breaks calls for a cause. */
export function* foundAtRules(evidence: Evidence, cause: Cause, tell: (calls: Calls, leg: Leg) => ToldAtRule): Generator<Found> {
  const places = new TlsPlaces();
  for (const [place, calls] of Calls.grouped(evidence.mesh, evidence.brokenBy(cause), ({ leg }) => places.of(leg))) {
    const [{ object, field }, { leg }] = [place, calls.first];
    const actual = leg.clientTls === 'PLAINTEXT' ? 'DISABLE' : leg.clientTls;
    yield { object, field: [...field, 'mode'], actual, ...tell(calls, leg), ...tlsRemedy(place, calls.first), connections: calls.connections };
  }
}
