import { AcknowledgedWarnings } from './acknowledged-warnings';
import { GuardedCalls, GuardedInMesh, GuardedMesh, listText, shownWorkload } from './guarded-calls';
import { fieldNaming, SpelledService } from './named-hosts';
import { sharedAccounts } from './shared-accounts';
import { RefusalDetails, refusalMessage } from '../../findings/refusal';
import { MeshFacts } from '../../integration/mesh-facts';
import type { Workload } from '../../mesh/workloads/workload';
import { MeshWarnings } from '../app-check';
import { portNumbersOf } from '../networking/services';

/** Warns at synth of the app's workloads that policies of declared calls lock out, and of those that they let in unasked. */
export const callWarnings = new MeshWarnings<GuardedCalls>((members, mesh, manifests) => {
  if (mesh.contradictions.length > 0) return [];
  const around = new GuardedMesh(members, mesh);
  const accepted = new AcknowledgedWarnings(['API857', 'API858', 'API859'], mesh, manifests);
  const named = namedServices(around);
  const naming = new Set(named.map(({ client }) => client));
  const warnings = [
    ...named.filter(({ client }) => !accepted.has('API857', client)).map(({ warning }) => warning),
    ...undeclared(around, naming, accepted),
    ...sharedAccounts(around, accepted),
  ];
  return [...warnings.map(refusalMessage), ...accepted.faults];
});

interface Named {
  readonly client: Workload;
  readonly warning: RefusalDetails;
}

/** Workloads whose pod templates name a Service that denies them. */
function namedServices(around: GuardedMesh): readonly Named[] {
  return around.guarded.flatMap((guarded) => {
    const spelled = spelledService(guarded);
    return [...around.workloads.keys()].flatMap((client) => {
      const field = fieldNaming(client, spelled);
      return field !== undefined && around.locksOut(guarded, client) ? [{ client, warning: ofNamed(client, field, guarded, around) }] : [];
    });
  });
}

function spelledService({ service }: GuardedInMesh): SpelledService {
  const { name, metadata: { namespace } } = service;
  return { namespace: namespace!, name, ports: portNumbersOf(service), clusterDomain: MeshFacts.of(service).shared('clusterDomain') };
}

function ofNamed(client: Workload, field: string, guarded: GuardedInMesh, around: GuardedMesh): RefusalDetails {
  return {
    code: 'API857',
    kind: 'Calls',
    path: around.workloads.get(client),
    field: `to(${nameOf(guarded)})`,
    actual: `not declared, though ${field} of ${shownWorkload(client)} names the Service`,
    expected: 'a declared call',
    because: `AuthorizationPolicy ${nameOf(guarded, guarded.policy)} denies all others`,
    fix: 'declare the call',
  };
}

/** One warning of all workloads that declare no calls, so that they may make any, and that some Service denies. */
function undeclared(around: GuardedMesh, naming: ReadonlySet<Workload>, accepted: AcknowledgedWarnings): readonly RefusalDetails[] {
  const { guarded, mesh: { declarations } } = around;
  const clients = [...around.workloads.keys()].filter((client) => !naming.has(client) && !declarations.has(client))
    .filter((client) => guarded.some((one) => around.locksOut(one, client)) && !accepted.has('API858', client));
  const [first] = clients;
  if (!first) return [];
  const denied = guarded.filter((one) => clients.some((client) => around.locksOut(one, client))).map((one) => nameOf(one));
  return [{
    code: 'API858',
    kind: 'Calls',
    path: around.workloads.get(first),
    field: 'client',
    actual: `${listText(clients.map(shownWorkload))}, which ${clients.length === 1 ? 'declares' : 'declare'} no calls and which the `
      + `AuthorizationPolicies of ${denied.length === 1 ? 'Service' : 'Services'} ${listText(denied)} deny`,
    expected: 'workloads that declare their calls',
    because: 'one that declares nothing may make any call, and these would be denied',
    fix: 'declare their calls, or with Calls.of(workload) alone that it calls nothing',
  }];
}

function nameOf({ service }: GuardedInMesh, { name } = service): string {
  return `${service.metadata.namespace}/${name}`;
}
