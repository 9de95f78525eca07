import { schemaViolations } from './schema';

test.each([
  [{ host: 1 }, 'spec.host: no string'],
  [{ hosts: [] }, 'spec.hosts: unknown'],
  [{ subsets: {} }, 'spec.subsets: no array'],
  [{ trafficPolicy: { tls: { mode: 'STRICT' } } }, 'spec.trafficPolicy.tls.mode: STRICT is not one of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL'],
  [{ trafficPolicy: { portLevelSettings: [{ port: { number: 1.5 } }] } }, 'spec.trafficPolicy.portLevelSettings[0].port.number: no integer'],
])('%j violates the schema of a DestinationRule', (spec, violation) => {
  expect(schemaViolations({ kind: 'DestinationRule', spec })).toEqual([violation]);
});
