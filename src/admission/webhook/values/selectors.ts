import { isIstioDnsLabel } from './hosts';
import { PolicyTargetReference, WorkloadSelector } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';

/** Whether a selector's labels may match: rejects labels that match none literally; warns of an empty map, which selects `scope`. */
export function judgeSelectorLabels(at: Objections, labels: { readonly [key: string]: string } | undefined, scope: string): boolean {
  const entries = Object.entries(labels ?? {});
  let literal = true;
  for (const [key, value] of entries) {
    if (key === '') objectToLabel(at.at(key), `the value ${shown(value)} without a key`);
    if (key.includes('*') || value.includes('*')) objectToLabel(at.at(key), shown(`${key}=${value}`));
    literal &&= key !== '' && !key.includes('*') && !value.includes('*');
  }
  if (entries.length === 0) warnOfNoLabels(at, labels, scope);
  return literal;
}

function warnOfNoLabels(at: Objections, labels: object | undefined, scope: string): void {
  at.warning({
    code: 'ADMIT451',
    actual: labels ? 'empty' : 'missing',
    expected: 'labels in a selector that is set',
    because: `a selector without labels selects ${scope}`,
    fix: 'name the labels of the workloads, or remove the selector to select all of them',
  });
}

function objectToLabel(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT450',
    actual,
    expected: 'a label\'s key and value in full, without \'*\'',
    because: 'a selector compares labels literally',
    fix: 'write the label of the workloads',
  });
}

/** The same for `selector: {matchLabels}`; a missing selector passes. */
export function judgeWorkloadSelector(at: Objections, selector: WorkloadSelector | undefined): void {
  if (selector) judgeSelectorLabels(at.at('matchLabels'), selector.matchLabels, 'all workloads of its namespace');
}

/** What a policy may attach to: kind and group. */
const TARGETS: { readonly [kind: string]: string } = {
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
};

function isTarget({ kind, group }: PolicyTargetReference): boolean {
  if (!Object.hasOwn(TARGETS, kind)) return false;
  return (group || 'core') === (TARGETS[kind] || 'core');
}

/** What a policy with targets applies to; some kinds only accept a list. */
interface Targets {
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

/** `targetRef` and `targetRefs` of a spec. */
export function judgeTargetRefs(at: Objections, { targetRef, targetRefs }: Targets): void {
  if (targetRef !== undefined) judgeTargetRef(at.at('targetRef'), targetRef);
  targetRefs?.forEach((ref, index) => judgeTargetRef(at.at('targetRefs', index), ref));
}

function judgeTargetRef(at: Objections, ref: PolicyTargetReference): void {
  if (isTarget(ref)) return;
  const named = Object.hasOwn(TARGETS, ref.kind);
  at.at(named ? 'group' : 'kind').error({
    code: 'ADMIT452',
    actual: shown(named ? ref.group : ref.kind),
    expected: 'Service (group \'\'), ServiceEntry (networking.istio.io), or Gateway or GatewayClass (gateway.networking.k8s.io)',
    because: 'policies attach to waypoints and gateways, and to the services behind them',
    fix: named ? `write group: '${TARGETS[ref.kind]}'` : 'name one of these kinds, or select workloads with \'selector\'',
  });
}

const DNS_LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const LABEL_NAME = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_KEY = new RegExp(`^(${DNS_LABEL}(?:\\.${DNS_LABEL})*/)?(${LABEL_NAME})$`);
const LABEL_VALUE = new RegExp(`^(?:${LABEL_NAME})?$`);

/** Rejects label keys and values that no pod can have; a missing map passes. */
export function judgeLabels(at: Objections, labels: { readonly [key: string]: string } | undefined): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!isLabelKey(key)) objectToKey(at.at(key), key);
    if (!LABEL_VALUE.test(value)) objectToValue(at.at(key), value);
  }
}

function isLabelKey(key: string): boolean {
  const match = LABEL_KEY.exec(key);
  return match !== null && (match[1] ?? '/').length - 1 <= 253 && match[2].length <= 63;
}

function objectToKey(at: Objections, key: string): void {
  at.error({
    code: 'ADMIT406',
    actual: `set under the key ${shown(key)}`,
    expected: 'a label key: letters, digits, \'-\', \'_\' and \'.\', optionally after a DNS name and \'/\'',
    because: 'no pod can have such a label',
    fix: 'write the key that the pods have',
  });
}

function objectToValue(at: Objections, value: string): void {
  at.error({
    code: 'ADMIT406',
    actual: shown(value),
    expected: 'a label value: letters, digits, \'-\', \'_\' and \'.\', with a letter or digit at both ends',
    because: 'no pod can have such a label',
    fix: 'write the value that the pods have',
  });
}

/** Rejects a subset name that is empty or not a DNS label. */
export function judgeSubsetName(at: Objections, name: string): void {
  if (isIstioDnsLabel(name)) return;
  at.error({
    code: 'ADMIT409',
    actual: shown(name),
    expected: 'a DNS label: letters, digits and \'-\', at most 63 characters, with a letter or digit at both ends',
    because: 'the name becomes part of the name of a cluster in Envoy',
    fix: 'name the subset, for example, \'v1\', here and in its references',
  });
}
