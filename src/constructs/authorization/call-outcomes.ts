import { ApiObject } from 'cdk8s';
import { AcknowledgedWarnings } from './acknowledged-warnings';
import { missingProxyOf } from './missing-proxy';
import { unservedService } from './unserved-service';
import type { Expectation } from '../../expectations/expectation';
import { analysisModules } from '../../integration/app-mesh';
import { MeshFacts } from '../../integration/mesh-facts';
import { FailOn } from '../../integration/mtls-analysis-options';
import { failOnOf } from '../../integration/synth-failures';
import type { DeclaredEntry } from '../../mesh/calls/declared-calls';
import type { ObjectName } from '../../mesh/inventory/object';
import type { Mesh } from '../../mesh/mesh';
import type { Outcome } from '../../mesh/model/transport';
import { AppExpectations, UnmetExpectation } from '../analysis/app-expectations';
import { MeshCheck, MeshWarnings } from '../app-check';
import { isService } from '../networking/destination-host';
import { portNumbersOf } from '../networking/services';
import { Refuse } from '../refuse';

/** A call that a client of the app declares. */
export interface DeclaredCall {
  readonly refuse: Refuse;
  readonly client: ApiObject;
  /** Undefined if it isn't in the app. */
  readonly called?: ApiObject;
  /** As the annotation lists it: `shop/cart:80`. */
  readonly to: string;
  /** The Service's port, if the call is for one. */
  readonly port?: number;
  /** Whether a policy identifies the client by its certificate. */
  readonly isIdentified: boolean;
  /** The worst outcome that it may have. */
  readonly least: Outcome & ('mtls' | 'plaintext');
  /** Whether the client's own pods are behind what it calls, as they are now. */
  readonly isOwn: () => boolean;
}

/** Checks at synth that clients make their declared calls as they should be. */
export const callOutcomes = new MeshCheck<DeclaredCall>((members, mesh, { facts }) => {
  if (mesh.contradictions.length > 0) return [...mesh.contradictions];
  const expectations = new AppExpectations(mesh, { kind: 'Calls' });
  const failsOnUnknown = failOnOf(facts).includes(FailOn.UNDECIDED);
  const byPath = new Map(mesh.mesh.callers.map((workload) => [mesh.pathOf.get(workload.object.source), workload]));
  return members.flatMap((call) => {
    const { refuse, client, called, to, port, least, isIdentified, isOwn } = call;
    if (isUnknown(call, mesh.mesh)) return failsOnUnknown ? [refuse(ofUnknown(call, mesh.mesh)).message] : [];
    if (called && MeshFacts.of(called) !== MeshFacts.of(client)) return [refuse(ofOtherMesh(called, to)).message];
    // API036 refuses it.
    if (called && port !== undefined && !portNumbersOf(called).includes(port)) return [];
    const workload = byPath.get(client.node.path);
    const lacksProxy = workload !== undefined && missingProxyOf(workload, mesh.mesh) !== undefined;
    // API802 refuses the client.
    if (isIdentified && lacksProxy) return [];
    const from = `${client.kind}/${client.metadata.namespace}/${client.name}`;
    // A pod's calls to itself are no connections.
    const failures = expectations.failures(expectationOf(from, to, least)).filter(({ kind }) => kind !== 'unmatched' || !isOwn());
    return failures.map((failure) => refuse(ofFailure(call, failure, mesh.mesh, lacksProxy)).message);
  });
});

function ofFailure(call: DeclaredCall, failure: UnmetExpectation, mesh: Mesh, lacksProxy: boolean): Parameters<Refuse>[0] {
  const { called, to, least } = call;
  const { kind, actual, because, fix } = failure;
  const unserved = kind !== 'unmatched' && called && isService(called) ? unservedService(called, mesh) : undefined;
  return {
    code: 'API855',
    field: `to(${to})`,
    actual: kind === 'unmatched' ? whyNone(call, mesh) : actual,
    because: because || unserved?.because,
    expected: least === 'mtls' ? 'mutual TLS' : 'a connection',
    fix: fix ?? unserved?.fix
      ?? (kind === 'undecided' && !called ? GIVE_FACTS : `change the objects that decide${otherwise(call, failure, lacksProxy)}`),
  };
}

/** What helps apart from other objects. A port that everybody may call doesn't help if the server requires mutual TLS. */
function otherwise({ least }: DeclaredCall, { outcomes }: UnmetExpectation, lacksProxy: boolean): string {
  if (least === 'mtls') return outcomes.includes('plaintext') ? `, or ${OPEN}` : '';
  return lacksProxy && outcomes.includes('broken') ? `: ${ACCEPT_PLAINTEXT}` : ', or remove the call';
}

/** Warns at synth of declared calls to Services that neither the app nor the facts of its analysis contain. */
export const unknownCalls = new MeshWarnings<DeclaredCall>((members, mesh, manifests) => {
  if (mesh.contradictions.length > 0 || failOnOf(manifests.facts).includes(FailOn.UNDECIDED)) return [];
  const accepted = new AcknowledgedWarnings(['API860'], mesh, manifests);
  const warned = members.filter((call) => isUnknown(call, mesh.mesh) && !accepted.has('API860', nameOf(call)));
  return [...warned.map((call) => call.refuse(ofUnknown(call, mesh.mesh)).message), ...accepted.faults];
});

function nameOf({ client: { kind, name, metadata: { namespace } } }: DeclaredCall): ObjectName {
  return { kind, namespace: namespace!, name };
}

/** Whether the manifests may lack what is called, so that there is no connection to judge. */
function isUnknown(call: DeclaredCall, mesh: Mesh): boolean {
  return !call.called && entryOf(call, mesh)?.fault === 'not-shown';
}

/** Why a call is no connection of the mesh. */
function whyNone(call: DeclaredCall, mesh: Mesh): string {
  const entry = entryOf(call, mesh);
  if (entry && entry.calls.length === 0 && entry.withoutTcp.length > 0) {
    return `for ${entry.withoutTcp.join(' and ')}, which ${entry.withoutTcp.length === 1 ? 'isn\'t' : 'aren\'t'} TCP`;
  }
  switch (entry?.fault) {
    case undefined: return 'a call that makes no connection';
    case 'no-port': return 'for a port that the Service lacks';
    default: return 'not among these manifests';
  }
}

/** The call as the mesh reads it from the annotation. */
function entryOf(call: DeclaredCall, { declarations }: Mesh): DeclaredEntry | undefined {
  const { kind, name, namespace } = nameOf(call);
  const isClient = (one: ObjectName): boolean => one.kind === kind && one.name === name && one.namespace === namespace;
  const [, declared] = [...declarations].find(([client]) => isClient(client)) ?? [];
  return declared?.entries.find(({ text }) => text === call.to);
}

const GIVE_FACTS = "pass the Service, the workload behind it and their Namespace as 'facts' to MtlsAnalysis.attach";

function ofUnknown({ to }: DeclaredCall, mesh: Mesh): Parameters<Refuse>[0] {
  const meant = otherNamespace(to, mesh);
  return {
    code: 'API860',
    field: `to(${to})`,
    actual: 'undecided: neither the app nor the facts of its analysis contain the Service',
    expected: 'a call that is decided',
    because: 'it may be plaintext or broken',
    fix: meant === undefined ? GIVE_FACTS : `write ${meant} if that is meant; otherwise ${GIVE_FACTS}`,
  };
}

/** The same Service of a namespace with a similar name. */
function otherNamespace(to: string, { registry }: Mesh): string | undefined {
  const [namespace, name, port = ''] = to.split(/[/:]/);
  const having = registry.services.filter((service) => service.registry === 'Kubernetes' && service.name === name);
  const meant = analysisModules().nearest(namespace, having.map((service) => service.namespace));
  return meant && `${meant}/${name}${port && `:${port}`}`;
}

function ofOtherMesh(called: ApiObject, to: string): Parameters<Refuse>[0] {
  const mesh = MeshFacts.of(called);
  return {
    code: 'API856',
    field: `to(${to})`,
    actual: `${called.kind} ${called.node.path}, which ${mesh.istioMeshes.length === 0 ? 'no mesh owns' : `is in mesh '${mesh.name}'`}`,
    expected: 'a Service or external host of the client\'s own mesh',
    because: 'clients and servers of two meshes don\'t trust each other, and each mesh is checked on its own',
    fix: 'pass the Service or external host of the same environment',
  };
}

const OPEN = "pass 'withoutIdentity' for a port that everybody may call";
const ACCEPT_PLAINTEXT = 'let the server accept plaintext, with a WorkloadOverride with mode PERMISSIVE for the port';

function expectationOf(from: string, to: string, least: DeclaredCall['least']): Expectation {
  const { callPattern, workloadPattern } = analysisModules();
  return { from: workloadPattern(from), to: callPattern(to), demand: { word: 'atLeast', outcome: least }, except: [], path: [] };
}
