import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { PeerPolicy } from '../../mesh/policies/peer-authentication';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { inheritedMode } from '../precedence';
import { deletionOf, removing } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';
import { policyText } from '../texts';

export const unsetChangesNothing: Rule = {
  code: 'MTLS207',
  name: 'unset-changes-nothing',
  severity: 'warning',
  title: 'UNSET changes nothing',
  reads: ['PeerAuthentication'],
  find: (evidence: Evidence) => foundByRevision(evidence, (plane) => findings(plane, evidence)),
};

function* findings(plane: ControlPlane, { policyTargets }: Evidence): Generator<Found> {
  const { policies } = plane;
  const contested = new Set(policies.wide.flatMap(({ winner, losers }) => (losers.length > 0 ? [winner!, ...losers] : [])));
  const ignored = new Set(policies.ignored);
  for (const policy of policies.all) {
    const target = policyTargets.of(policy.object);
    if (contested.has(policy) || ignored.has(policy) || target?.silences || target?.lost.size) continue;
    if ([policy.mode, ...policy.ports.values()].every((mode) => mode === 'UNSET')) yield ofWhole(policy, plane);
    else yield* ofPorts(policy);
  }
}

function ofWhole(policy: PeerPolicy, plane: ControlPlane): Found {
  const { object, selector, at } = policy;
  const mode = valueAt(object.source, at.field);
  return {
    object,
    field: mode === undefined ? ['spec', 'mtls'] : at.field,
    actual: shown(mode ?? object.spec.mtls),
    expected: 'STRICT, PERMISSIVE or DISABLE',
    because: 'UNSET inherits the mode that the '
      + `${selector ? 'workload' : object.namespace === plane.config.rootNamespace ? 'mesh' : 'namespace'} has anyway, `
      + `here ${inheritedText(policy, plane)}`,
    fix: 'set the intended mode, or delete the policy',
    remedies: [deletionOf(object)],
  };
}

function inheritedText(policy: PeerPolicy, plane: ControlPlane): string {
  const inherited = inheritedMode(policy, plane);
  // The mesh's policy may be in other manifests.
  return inherited.level === 'default' && policy.object.namespace !== plane.config.rootNamespace
    ? 'the mesh\'s'
    : `${inherited.mode}${policyText(inherited)}`;
}

function* ofPorts({ object, ports }: PeerPolicy): Generator<Found> {
  for (const [port, mode] of ports) {
    if (mode !== 'UNSET' || Number.isNaN(port)) continue; // The API server rejects a key that isn't a port.
    const field = ['spec', 'portLevelMtls', String(port)];
    yield {
      object,
      field,
      actual: shown(valueAt(object.source, field)),
      expected: 'STRICT, PERMISSIVE or DISABLE',
      because: 'UNSET inherits the mode that the whole workload has anyway',
      fix: `set the intended mode, or omit port ${port}`,
      remedies: [removing(object, field)],
    };
  }
}
