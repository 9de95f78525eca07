import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-plane';
import { objectText } from '../../mesh/inventory/object';
import { beatenRoutes } from '../beaten-routes';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const secondVirtualService: Rule = {
  code: 'MTLS314',
  name: 'second-virtual-service',
  severity: 'warning',
  title: 'A VirtualService\'s HTTP routes for a host are ignored, since another one has the host',
  reads: ['Sidecar', 'VirtualService'],
  find: (evidence: Evidence) => foundByRevision(evidence, (plane) => findings(plane, evidence)),
};

function* findings(plane: ControlPlane, evidence: Evidence): Generator<Found> {
  for (const { object, field, host, by } of beatenRoutes(plane, evidence)) {
    yield {
      object,
      field,
      actual: shown(host),
      expected: 'a host for which no other VirtualService has HTTP routes for the same sidecars',
      because: `sidecars take one VirtualService's HTTP routes for a host, the oldest's, or the first by name if none is older: here ${objectText(by)}; `
        + 'only those for gateways merge',
      fix: 'merge the two into one',
    };
  }
}
