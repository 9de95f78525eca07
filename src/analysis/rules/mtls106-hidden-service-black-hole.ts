import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { foundHidden } from '../visibility';

export const hiddenServiceBlackHole: Rule = {
  code: 'MTLS106',
  name: 'hidden-service-black-hole',
  severity: 'info',
  title: 'Calls to a service that the clients don\'t see go nowhere under REGISTRY_ONLY',
  reads: ['ConfigMap', 'Service', 'ServiceEntry', 'Sidecar'],
  find: (evidence: Evidence) => foundHidden(evidence, 'black-hole', (calls) =>
    `${calls} go nowhere, since the clients' sidecars don't know them and let nothing unknown pass (REGISTRY_ONLY)`),
};
