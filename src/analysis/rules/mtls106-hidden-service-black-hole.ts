import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { foundHidden } from '../visibility';

export const hiddenServiceBlackHole: Rule = {
  code: 'MTLS106',
  name: 'hidden-service-black-hole',
  severity: 'info',
  title: 'Calls to a service that isn\'t visible to clients are blocked under REGISTRY_ONLY',
  reads: ['ConfigMap', 'Service', 'ServiceEntry', 'Sidecar'],
  find: (evidence: Evidence) => foundHidden(evidence, 'black-hole', (calls) =>
    `${calls} are blocked, because the clients' sidecars don't know this destination (REGISTRY_ONLY)`),
};
