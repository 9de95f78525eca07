import { isJsonObject } from '../crd-schema';
import { nanosecondsIn } from '../go-duration';

/** Whether a rule surely holds for a value that fits its schema; where it is false, CEL must say. */
export type SurelyHolds = (value: any) => boolean;

const AT_MOST_ONE = /^\(has\(self\.\w+\) \? 1 : 0\)(?: \+ \(has\(self\.\w+\) \? 1 : 0\))+ <= 1$/;
const PORT = /^[1-9]\d{0,4}$/;
const PORT_NAME = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,60}[a-zA-Z0-9])?$/;
const MILLISECOND = 1_000_000n;

/** By the rule as the CRDs write it: with a rule that they change, its entry here falls idle. */
const PLAIN: { readonly [rule: string]: SurelyHolds } = {
  'self.all(key, !key.contains("*"))': (map) => Object.keys(map).every((key) => !key.includes('*')),
  'self.all(key, key.size() != 0)': (map) => !Object.hasOwn(map, ''),
  '!self.contains("*")': (text) => !text.includes('*'),
  'self != "*"': (text) => text !== '*',
  'self.size() == 0': (text) => text === '',
  'duration(self) >= duration(\'1ms\')': (text) => (nanosecondsIn(text) ?? 0n) >= MILLISECOND,
  '0 < self && self <= 65535': (number) => number > 0 && number <= 65535,
  'self.all(key, 0 < int(key) && int(key) <= 65535)': (map) => Object.keys(map).every((key) => PORT.test(key) && Number(key) <= 65535),
  'has(self.portLevelMtls) ? (((has(self.selector) && has(self.selector.matchLabels)) ? self.selector.matchLabels : {}).size() > 0) : true':
    ({ portLevelMtls, selector }) => isUnset(portLevelMtls) || Object.values(selector?.matchLabels ?? {}).some((label) => !isUnset(label)),
  '(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) &&\n!has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true':
    ({ serviceAccounts, notServiceAccounts }) => isUnset(serviceAccounts) && isUnset(notServiceAccounts),
  'has(self.address) || has(self.network)': ({ address }) => !isUnset(address),
  '(has(self.address) ? self.address : "").startsWith("unix://") ? !has(self.ports) : true': ({ ports }) => isUnset(ports),
  'self.startsWith("unix://") ? (self.substring(7, 8) == "/" || self.substring(7, 8) == "@") : true': (text) => !text.startsWith('unix://'),
  'self.startsWith("unix://") ? !self.endsWith("/") : true': (text) => !text.endsWith('/'),
  'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))': (map) => Object.keys(map).every((key) => PORT_NAME.test(key)),
  'self.all(l1, self.exists_one(l2, l1.number == l2.number))': (ports) => new Set(ports.map(({ number }: any) => number)).size === ports.length,
  '((has(self.resolution) ? self.resolution : "NONE") == "NONE") ? !has(self.endpoints) : true': ({ endpoints }) => isUnset(endpoints),
  '((has(self.resolution) ? self.resolution : "") == "DNS_ROUND_ROBIN") ? ((has(self.endpoints) ? self.endpoints : []).size() <= 1) : true':
    ({ resolution }) => resolution !== 'DNS_ROUND_ROBIN',
  '!((has(self.addresses) ? self.addresses : []).exists(k, k.contains("/")) && !((has(self.resolution) ? self.resolution : "NONE") in ["STATIC", "NONE"]))':
    ({ addresses, resolution }) => isUnset(addresses) || resolution === 'STATIC' || resolution === 'NONE',
};

/**
 * The plain answer to a rule, if there is one. Nearly all objects meet such rules, and CEL takes a hundred times as
 * long to say so; what it says of the others, and in which words, stays its own.
 */
export function plainRule(rule: string): SurelyHolds | undefined {
  if (Object.hasOwn(PLAIN, rule)) return PLAIN[rule];
  if (!AT_MOST_ONE.test(rule)) return undefined;
  const fields = [...rule.matchAll(/self\.(\w+)/g)].map(([, field]) => field);
  return (value) => isJsonObject(value) && fields.filter((field) => !isUnset(value[field])).length <= 1;
}

/** Null is absence where the schema doesn't allow it, and Istio's allow it in none of these fields. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}
