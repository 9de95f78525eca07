import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
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
  title: 'The HTTP routes of a VirtualService are ignored because another one has the same host',
  reads: ['Sidecar', 'VirtualService'],
  find: (evidence: Evidence) => foundByRevision(evidence, (plane) => findings(plane, evidence)),
};

function* findings(plane: ControlPlane, evidence: Evidence): Generator<Found> {
  for (const { object, field, host, by } of beatenRoutes(plane, evidence)) {
    yield {
      object,
      field,
      actual: shown(host),
      expected: 'a host without HTTP routes of another VirtualService for the same sidecars',
      because: 'sidecars use the HTTP routes of one VirtualService per host, the oldest, or the first by name if equally old: '
        + `here ${objectText(by)}; `
        + 'only routes for gateways are merged',
      fix: 'merge the two',
    };
  }
}
