import { NamespaceState, RunbookContext } from './focus';
import { podNamesOf } from './pod-names';
import { fieldText, SEVERITIES } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { shellWord } from '../../findings/shell-words';
import { autoMtlsOf } from '../../mesh/dataplane/client-tls';
import { objectText } from '../../mesh/inventory/object';
import { OUTCOMES } from '../../mesh/model/transport';
import { PeerPolicy } from '../../mesh/policies/peer-authentication';
import { ReportedFinding } from '../findings/report';
import { code, list, Section, shell, table } from '../output/markdown';
import { counted } from '../output/printer';

/** How many findings and namespaces are shown. */
const SHOWN = 10;

/** The worst findings; if the runbook is about a workload, only that workload's. */
export function analysisFound({ report, workload, checked }: RunbookContext): Section {
  const { connections, outcomes } = report.connections;
  const findings = report.findings
    .filter(({ object }) => !workload || object.namespace === workload.namespace || object.namespace === undefined)
    .sort((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
  const counts = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) => `${numeral(outcomes[outcome])} ${outcome}`);
  return {
    title: 'What the analysis found',
    blocks: [
      `Of ${counted(connections, 'connection')}, by outcome: ${counts.join(', ') || 'none'}.`,
      findings.length > 0
        ? list(...findings.slice(0, SHOWN).map(findingText))
        : `No rule reports anything${workload ? ` in ${code(workload.namespace)}` : ''}.`,
      ...findings.length > SHOWN ? [`And ${counted(findings.length - SHOWN, 'finding')} more.`] : [],
      'All findings, and the meaning of a code:',
      shell(`istio-mtls check ${checked.map(shellWord).join(' ')} --all`,
        ...findings.length > 0 ? [`istio-mtls rules ${findings[0].code}`] : []),
    ],
  };
}

function findingText({ code: of, severity, object, field, actual, fix, place }: ReportedFinding): string {
  const where = place ? ` (${code(place.position ? `${place.file}:${place.position.line}` : place.file)})` : '';
  return `**${of}** ${severity}, ${code(titleOf(object))}${where}: `
    + `${code(`${fieldText(field) || 'the object'} is ${actual}`)}. Fix: ${code(fix)}.`;
}

/** The modes of each namespace's servers, and the outcomes of calls to them. */
export function inForce({ focus: { namespaces, proxies }, workload }: RunbookContext): Section {
  const shown = namespaces.slice(0, SHOWN);
  const names = proxies.map(podNamesOf)[0];
  return {
    title: 'Is mutual TLS in force?',
    blocks: [
      'By namespace, the worst first. A workload accepts plaintext if one of its ports is PERMISSIVE or DISABLE: '
        + 'any pod in the cluster can then call it without an identity.',
      table(['namespace', 'workloads', 'with sidecar', 'of those, accept plaintext', 'connections to them: mTLS', 'plaintext', 'broken',
        'undecided'], shown.map(namespaceRow)),
      ...namespaces.length > SHOWN ? [`And ${counted(namespaces.length - SHOWN, 'namespace')} more, none of them worse.`] : [],
      'Which pods have a sidecar, and its version:',
      shell(
        `istioctl proxy-status${workload ? ` --namespace ${workload.namespace}` : ''}`,
        ...names ? [`istioctl experimental check-inject ${names.istioctl}`] : [],
      ),
      ...names ? ['What a proxy accepts on its ports, in the column MATCH: a row with `Trans: tls` accepts TLS, one with `Trans: '
        + 'raw_buffer` accepts plaintext and is missing for a port whose mode is STRICT:',
      shell(`istioctl proxy-config listener ${names.istioctl} --port 15006`)] : [],
    ],
  };
}

function namespaceRow({
  namespace, workloads, sidecars, takePlaintext, outcomes: { mtls, plaintext, broken, undecided },
}: NamespaceState): string[] {
  return [code(namespace), ...[workloads, sidecars, takePlaintext, mtls, plaintext, broken, undecided].map(numeral)];
}

/** The PeerAuthentications, from mesh-wide to workload-specific. */
export function policies({ mesh, focus: { proxies }, workload }: RunbookContext): Section {
  const { policies: own, config } = mesh.planes.default;
  const autoMtls = autoMtlsOf(mesh.planes.default);
  const applying = workload ? applyingTo(mesh, workload) : own.all;
  const [first] = proxies;
  return {
    title: 'The policies in force',
    blocks: [
      applying.length > 0
        ? table(['PeerAuthentication', 'for', 'mode', 'ports'],
          applying.slice(0, SHOWN).map((policy) => policyRow(policy, config.rootNamespace)))
        : `No PeerAuthentication ${workload ? 'selects it' : 'is in the manifests'}: the mode is PERMISSIVE, `
          + 'which accepts both mutual TLS and plaintext.',
      ...applying.length > SHOWN ? [`And ${numeral(applying.length - SHOWN)} more.`] : [],
      autoMtls.enabled
        ? 'Auto mTLS is on: a client\'s sidecar sends mutual TLS to each server with a sidecar, '
          + 'unless a DestinationRule sets another mode.'
        : 'Auto mTLS is off: a client\'s sidecar sends mutual TLS only if a DestinationRule sets it.',
      'The policies and rules in the cluster. Of several policies for the same workload, only the oldest has an effect:',
      shell(
        'kubectl get peerauthentications.security.istio.io -A --sort-by=.metadata.creationTimestamp',
        'kubectl get destinationrules.networking.istio.io -A',
        'kubectl get authorizationpolicies.security.istio.io,requestauthentications.security.istio.io -A',
      ),
      ...first ? ['The policies for one pod, and who may call it:', shell(
        `istioctl experimental describe pod ${podOf(podNamesOf(first)!.pod)} -n ${first.namespace}`,
        `istioctl experimental authz check ${podNamesOf(first)!.istioctl}`,
      )] : [],
    ],
  };
}

/** `istioctl experimental describe pod` accepts only a bare name. */
function podOf(pod: string): string {
  return pod.startsWith('"')
    ? pod.replace(' -o name | head -n 1)"', ' -o jsonpath=\'{.items[0].metadata.name}\')"')
    : pod.replace(/^pod\//, '');
}

function applyingTo(mesh: RunbookContext['mesh'], workload: NonNullable<RunbookContext['workload']>): readonly PeerPolicy[] {
  const { policies: own } = mesh.planes.of(workload.proxy.revision);
  return [own.mesh.winner, own.ofNamespace(workload.namespace).winner, own.ofWorkload(workload).winner].filter((policy) => (
    policy !== undefined));
}

function policyRow({ object, mode, selector, ports }: PeerPolicy, rootNamespace: string): string[] {
  const scope = selector ? `workloads with ${code(Object.entries(selector).map((pair) => pair.join('=')).join(','))}`
    : object.namespace === rootNamespace ? 'the mesh'
      : `namespace ${code(object.namespace)}`;
  return [code(objectText(object).replace('PeerAuthentication ', '')), scope, mode === 'UNSET' ? 'as the broader policy' : mode,
    [...ports].map(([port, of]) => `${port}: ${of}`).join(', ') || 'all'];
}

