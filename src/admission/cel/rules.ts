import { PeerAuthenticationSpec, ServiceEntrySpec, Source, WorkloadEntrySpec } from '../../../imports/specs';
import { shown } from '../../findings/safe-text';
import { parseGoDuration } from '../../manifests/go-values';
import { isMapping } from '../../manifests/mapping';
import { ValidationRule } from '../crds';
import { ObjectionText } from '../objection';

/** Whether a rule certainly holds for a value that fits its schema; if false, CEL decides. */
export type SurelyHolds = (value: unknown) => boolean;

const AT_MOST_ONE = /^\(has\(self\.\w+\) \? 1 : 0\)(?: \+ \(has\(self\.\w+\) \? 1 : 0\))+ <= 1$/;
const PORT_NUMBER = /^[1-9]\d{0,4}$/;
const PORT_NAME = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,60}[a-zA-Z0-9])?$/;
const MILLISECOND = 1_000_000n;

/** By the rule as the CRDs write it: if they change a rule, its entry here is no longer used. Each takes the type of the rule's schema. */
const PLAIN: { readonly [rule: string]: (value: never) => boolean } = {
  'self.all(key, !key.contains("*"))': (map: object) => Object.keys(map).every((key) => !key.includes('*')),
  'self.all(key, key.size() != 0)': (map: object) => !Object.hasOwn(map, ''),
  '!self.contains("*")': (text: string) => !text.includes('*'),
  'self != "*"': (text: string) => text !== '*',
  'self.size() == 0': (text: string) => text === '',
  'duration(self) >= duration(\'1ms\')': (text: string) => (parseGoDuration(text) ?? 0n) >= MILLISECOND,
  '0 < self && self <= 65535': (number: number) => number > 0 && number <= 65535,
  'self.all(key, 0 < int(key) && int(key) <= 65535)': (map: object) => (
    Object.keys(map).every((key) => PORT_NUMBER.test(key) && Number(key) <= 65535)),
  'has(self.portLevelMtls) ? (((has(self.selector) && has(self.selector.matchLabels)) ? self.selector.matchLabels : {}).size() > 0) : true':
    ({ portLevelMtls, selector }: PeerAuthenticationSpec) =>
      isUnset(portLevelMtls) || Object.values(selector?.matchLabels ?? {}).some((label) => !isUnset(label)),
  // eslint-disable-next-line @stylistic/max-len -- as the CRD writes it
  '(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) &&\n!has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true':
    ({ serviceAccounts, notServiceAccounts }: Source) => isUnset(serviceAccounts) && isUnset(notServiceAccounts),
  'has(self.address) || has(self.network)': ({ address }: WorkloadEntrySpec) => !isUnset(address),
  '(has(self.address) ? self.address : "").startsWith("unix://") ? !has(self.ports) : true': ({ ports }: WorkloadEntrySpec) => (
    isUnset(ports)),
  'self.startsWith("unix://") ? (self.substring(7, 8) == "/" || self.substring(7, 8) == "@") : true': (text: string) => (
    !text.startsWith('unix://')),
  'self.startsWith("unix://") ? !self.endsWith("/") : true': (text: string) => !text.endsWith('/'),
  'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))': (map: object) => (
    Object.keys(map).every((key) => PORT_NAME.test(key))),
  'self.all(l1, self.exists_one(l2, l1.number == l2.number))': (ports: readonly { readonly number: number }[]) => (
    new Set(ports.map(({ number }) => number)).size === ports.length),
  '((has(self.resolution) ? self.resolution : "NONE") == "NONE") ? !has(self.endpoints) : true': ({ endpoints }: ServiceEntrySpec) => (
    isUnset(endpoints)),
  '((has(self.resolution) ? self.resolution : "") == "DNS_ROUND_ROBIN") ? ((has(self.endpoints) ? self.endpoints : []).size() <= 1) : true':
    ({ resolution }: ServiceEntrySpec) => resolution !== 'DNS_ROUND_ROBIN',
  // eslint-disable-next-line @stylistic/max-len -- as the CRD writes it
  '!((has(self.addresses) ? self.addresses : []).exists(k, k.contains("/")) && !((has(self.resolution) ? self.resolution : "NONE") in ["STATIC", "NONE"]))':
    ({ addresses, resolution }: ServiceEntrySpec) => isUnset(addresses) || resolution === 'STATIC' || resolution === 'NONE',
};

/**
 * A shortcut for a rule, if there is one. Nearly all objects satisfy such rules, and CEL takes a hundred times as long
 * to find out; if the shortcut doesn't accept a value, CEL decides.
 */
export function plainRule(rule: string): SurelyHolds | undefined {
  if (Object.hasOwn(PLAIN, rule)) return PLAIN[rule] as SurelyHolds;
  if (!AT_MOST_ONE.test(rule)) return undefined;
  const fields = [...rule.matchAll(/self\.(\w+)/g)].map(([, field]) => field);
  return (value) => isMapping(value) && fields.filter((field) => !isUnset(value[field])).length <= 1;
}

/** Null means absent where the schema doesn't allow it, and Istio's schemas allow it in none of these fields. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}

interface RuleText {
  readonly code: string;
  readonly expected: string;
  readonly because?: string;
  readonly fix: string;
}

const ONE_TARGET: RuleText = {
  code: 'ADMIT301',
  expected: 'at most one of selector, workloadSelector, targetRef and targetRefs',
  because: 'each of them selects what the object applies to',
  fix: 'keep one of them',
};
const WILDCARD: RuleText = {
  code: 'ADMIT302',
  expected: 'a label without *',
  because: 'labels are compared literally',
  fix: 'write the whole label, or remove it to select more',
};
const PORT: RuleText = {
  code: 'ADMIT304', expected: 'a port from 1 to 65535', because: 'there is no other port', fix: 'write the number of the port',
};
const SCHEME: RuleText = {
  code: 'ADMIT308',
  expected: 'a URL with scheme http, https, file or oci, or none',
  fix: 'write a URL such as oci://registry.example.com/filter:1',
};
const ONE_CREDENTIAL: RuleText = {
  code: 'ADMIT310',
  expected: 'only one of credentialName, credentialNames and tlsCertificates',
  because: 'each of them sets where the certificates come from',
  fix: 'keep one of them',
};

/** By the message that the CRD gives the rule. */
const TEXTS: { readonly [message: string]: RuleText } = {
  'only one of targetRefs or selector can be set': ONE_TARGET,
  'only one of targetRefs or workloadSelector can be set': ONE_TARGET,
  'wildcard not allowed in label value match': WILDCARD,
  'wildcard not allowed in label key match': WILDCARD,
  'wildcard is not supported in selector': WILDCARD,
  'key must not be empty': {
    code: 'ADMIT303', expected: 'labels with a name', because: 'no pod has a label without one', fix: 'write the name of the label',
  },
  'port must be between 1-65535': PORT,
  'portLevelMtls requires selector': {
    code: 'ADMIT305',
    expected: 'a selector with matchLabels beside portLevelMtls',
    because: 'the ports are container ports of one workload, and Istio ignores them in a policy for a namespace or the mesh',
    fix: 'add spec.selector.matchLabels, or remove spec.portLevelMtls',
  },
  'must be a valid duration greater than 1ms': {
    code: 'ADMIT306',
    expected: 'a duration of 1ms or more, such as 300ms, 10s or 1h30m',
    because: 'units are ns, us, ms, s, m and h, and the proxy has no finer resolution',
    fix: 'write a number with a unit',
  },
  'cross namespace referencing is not currently supported': {
    code: 'ADMIT307',
    expected: 'no namespace',
    because: 'a target must be in the object\'s own namespace',
    fix: 'remove namespace, and create the object in the target\'s namespace',
  },
  'url must have schema one of [http, https, file, oci]': SCHEME,
  'url must have scheme http:// or https://': {
    code: 'ADMIT309',
    expected: 'a URL that begins with http:// or https://',
    because: 'istiod fetches the keys from there',
    fix: 'write the whole URL',
  },
  'only one of credentialNames or tlsCertificates can be set': ONE_CREDENTIAL,
  'only one of credentialName or credentialNames can be set': ONE_CREDENTIAL,
  'only one of credentialName or tlsCertificates can be set': ONE_CREDENTIAL,
  'value may only be set when valueFrom is INLINE': {
    code: 'ADMIT311',
    expected: 'no value where valueFrom is HOST',
    because: 'the value then comes from the proxy\'s own environment',
    fix: 'remove value, or set valueFrom: INLINE',
  },
  'exactly one of wasm or lua must be set': {
    code: 'ADMIT312', expected: 'either wasm or lua', because: 'a TrafficExtension is one extension', fix: 'write one of them',
  },
  'only support waypointMatch when context is WAYPOINT': {
    code: 'ADMIT313',
    expected: 'waypoint together with context: WAYPOINT, or neither',
    fix: 'set context: WAYPOINT and waypoint, or remove waypoint',
  },
  'UDS must be an absolute path or abstract socket': {
    code: 'ADMIT314', expected: 'unix:///absolute/path or unix://@abstract', fix: 'write the socket\'s absolute path',
  },
  'UDS may not be a dir': {
    code: 'ADMIT314', expected: 'the path of a socket', because: 'a path that ends in / is a folder', fix: 'write the socket\'s path',
  },
  'UDS may not include ports': {
    code: 'ADMIT315', expected: 'no ports together with a unix:// address', because: 'a socket has no ports', fix: 'remove ports',
  },
  'port name must be valid': {
    code: 'ADMIT316',
    expected: 'port names of up to 62 letters, digits and dashes',
    because: 'they refer to the names of the ServiceEntry\'s ports',
    fix: 'rename the port',
  },
  'Address is required': {
    code: 'ADMIT317', expected: 'an address, or a network', because: 'nothing could be called otherwise', fix: 'add address',
  },
  'hostname cannot be wildcard': {
    code: 'ADMIT318',
    expected: 'a host name, or a wildcard with a domain such as *.example.com',
    because: 'the entry would be for all hosts at once',
    fix: 'write the host',
  },
  'port number cannot be duplicated': {
    code: 'ADMIT319', expected: 'each port number once', fix: 'remove the second, or change its number',
  },
  'only one of WorkloadSelector or Endpoints can be set': {
    code: 'ADMIT320',
    expected: 'workloadSelector or endpoints, not both',
    because: 'each of them sets the workloads of the service',
    fix: 'keep one of them',
  },
  'CIDR addresses are allowed only for NONE/STATIC resolution types': {
    code: 'ADMIT321',
    expected: 'no address range with resolution DNS',
    because: 'only resolution NONE and STATIC support ranges',
    fix: 'write single addresses, or resolution: STATIC or NONE',
  },
  'NONE mode cannot set endpoints': {
    code: 'ADMIT322',
    expected: 'no endpoints with resolution NONE',
    because: 'calls then go to the address that the client requested',
    fix: 'remove endpoints, or set resolution: STATIC or DNS',
  },
  'DNS_ROUND_ROBIN mode cannot have multiple endpoints': {
    code: 'ADMIT323', expected: 'at most one endpoint with resolution DNS_ROUND_ROBIN', fix: 'keep one endpoint, or set resolution: DNS',
  },
  'scheme must be one of [HTTP, HTTPS]': {
    code: 'ADMIT324', expected: 'HTTP or HTTPS', because: 'values are case-sensitive', fix: 'write HTTP or HTTPS',
  },
  'Cannot set serviceAccounts with namespaces or principals': {
    code: 'ADMIT325',
    expected: 'serviceAccounts, or namespaces and principals',
    because: 'a service account already has a namespace and a principal',
    fix: 'keep one way to name the source',
  },
  'only one of jwks or jwksUri can be set': {
    code: 'ADMIT326',
    expected: 'only one of jwks and jwksUri',
    because: 'each of them sets where the keys come from',
    fix: 'keep one of them',
  },
  'value must be set when operation is UPSERT': {
    code: 'ADMIT327', expected: 'a value with operation UPSERT', fix: 'add value, or set operation: REMOVE',
  },
  'value must not be set when operation is REMOVE': {
    code: 'ADMIT328', expected: 'no value with operation REMOVE', fix: 'remove value, or set operation: UPSERT',
  },
};

/** Whether a CRD's rule has its own wording here. */
export function hasRuleText({ message }: ValidationRule): boolean {
  return message !== undefined && Object.hasOwn(TEXTS, message);
}

/** The objection for a rule that doesn't hold; `failure` says why it couldn't be evaluated. */
export function ruleText(rule: ValidationRule, value: unknown, failure: string): ObjectionText {
  const message = rule.message ?? rule.rule;
  if (hasRuleText(rule)) return { actual: shown(value), ...TEXTS[message] };
  const because = failure ? `its rule failed: ${failure}` : 'the API server enforces a rule for it';
  return { code: 'ADMIT399', actual: shown(value), expected: `"${message.trim()}"`, because, fix: 'change it to satisfy the rule' };
}
