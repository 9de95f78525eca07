import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { addTo, grouped } from '../../mesh/collections';
import { MeshObject } from '../../mesh/inventory/object';
import { concerns } from '../../mesh/model/path';
import { Sender } from '../../mesh/model/sender';
import { IGNORED, INJECT, matchingWebhook } from '../../mesh/workloads/injection';
import { INJECTION } from '../../mesh/workloads/injection-facts';
import { PodSource } from '../../mesh/workloads/pod-template';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults, podField } from '../fields';
import { declinedAt, doesWithout, injectionRemedy, isLeftOut } from '../missing-sidecar';
import { Rule } from '../rule';
import { plaintextWords, serverText, workloadsText } from '../texts';

export const clientWithoutSidecar: Rule = {
  code: 'MTLS103',
  name: 'client-without-sidecar',
  severity: 'warning',
  title: 'A workload without a sidecar can\'t call STRICT servers',
  reads: ['Namespace', 'workload'],
  * find(evidence: Evidence) {
    const hops = evidence.brokenBy('client-without-sidecar');
    if (hops.length === 0) return;
    const bySender = new Map<Sender, DecidedHop[]>();
    for (const decided of hops) for (const one of decided.decision.senders) addTo(bySender, one, decided);
    const counted = [...bySender].flatMap(([{ members }, made]) => countedAmong(members, made));
    for (const [fault, clients] of byPlace(counted, evidence)) {
      const [{ client, made }] = clients;
      const { hop, decision: { call } } = made.find((decided) => concerns(decided.path, client))!;
      const callers = workloadsText(clients.map((caller) => caller.client));
      yield {
        ...fault,
        because: `calls from ${callers} to ${call.host}:${call.port} ${plaintextWords(hop.sent.kind)}, but ${serverText(hop)}`,
        connections: clients.reduce((sum, { count }) => sum + count, 0),
      };
    }
  },
};

interface Counted {
  readonly client: Workload;
  /** The hops that it and others take. */
  readonly made: readonly DecidedHop[];
  readonly count: number;
}

/** Clients of one sender make the same calls, except to themselves. */
function countedAmong(clients: readonly Workload[], made: readonly DecidedHop[]): readonly Counted[] {
  const own = new Map<Workload | undefined, number>();
  for (const { hop: { received: { endpoint } } } of made) own.set(endpoint?.workload, (own.get(endpoint?.workload) ?? 0) + 1);
  return clients.map((client) => ({ client, made, count: made.length - (own.get(client) ?? 0) })).filter(({ count }) => count > 0);
}

function byPlace(all: readonly Counted[], evidence: Evidence): ReadonlyMap<FieldFault, readonly Counted[]> {
  const faults = new FieldFaults();
  return grouped(all, ({ client }) => faultOf(evidence, client, evidence.namespaceNamed(client.namespace), faults));
}

/** Why the client has no sidecar: its own label, or its namespace. A deliberate choice is only an info. */
function faultOf(evidence: Evidence, client: Workload, namespace: MeshObject | undefined, faults: FieldFaults): FieldFault {
  const { object, hostNetwork, proxy } = client;
  const expected = 'a sidecar, which sends mutual TLS';
  const own = (fix: string, actual: unknown, at: PodSource): FieldFault =>
    faults.of(object, 'own', () => ({ ...at, severity: 'info', actual: shown(actual), expected, fix: `${IF_IT_CALLS}${fix}` }));
  if (hostNetwork) return own(MAKE_PERMISSIVE, true, podField(client, 'spec', 'hostNetwork'));
  const declines = declinedAt(client);
  if (declines) return own(doesWithout(client) ? MAKE_PERMISSIVE : leaveToNamespace(evidence, namespace), 'false', declines);
  if (!namespace) {
    const fix = `${IF_IT_CALLS}${MAKE_PERMISSIVE}`;
    return faults.of(object, 'own', () => ({
      object,
      severity: 'info',
      field: ['metadata', 'namespace'],
      actual: shown(client.namespace),
      expected: `${expected}; ${proxy.because}`,
      fix,
    }));
  }
  return faults.of(namespace, INJECTION, () => ofNamespace(evidence, namespace));
}

const IF_IT_CALLS = 'if the workload calls any of these servers, ';
const MAKE_PERMISSIVE = 'make the servers\' ports PERMISSIVE';

function ofNamespace(evidence: Evidence, namespace: MeshObject): FieldFault {
  const label = namespace.labels[INJECTION];
  const isMeant = label === 'disabled' || isIstios(evidence, namespace);
  const injection = isMeant ? undefined : injectionRemedy(evidence, namespace);
  const isInfo = !injection || isLeftOut(evidence, namespace);
  const fix = injection ?? MAKE_PERMISSIVE;
  return {
    object: namespace,
    severity: isInfo ? 'info' : 'warning',
    field: ['metadata', 'labels', INJECTION],
    actual: shown(label),
    expected: 'a label that enables injection, so that the workloads send mutual TLS',
    fix: isInfo ? `if the workloads call any of these servers, ${fix}` : fix,
  };
}

/** A pod that doesn't opt out gets a sidecar only if its namespace asks for it, which Istio's own never does. */
function leaveToNamespace(evidence: Evidence, namespace: MeshObject | undefined): string {
  if (!namespace || matchingWebhook(namespace.labels, {})) return `remove ${INJECT}`;
  const injection = isIstios(evidence, namespace) ? undefined : injectionRemedy(evidence, namespace);
  return injection ? `remove ${INJECT}, and ${injection}` : MAKE_PERMISSIVE;
}

/** Whether the namespace is istiod's, or one that the injector ignores. */
function isIstios(evidence: Evidence, { name }: MeshObject): boolean {
  return evidence.isRoot(name) || IGNORED.has(name);
}
