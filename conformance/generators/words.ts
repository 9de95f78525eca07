// The small vocabulary of the generated meshes: few names, so that objects meet, hide and contradict each other.
import fc, { type Arbitrary } from 'fast-check';
import type { Manifest } from '../manifest';

export const NAMESPACES = ['a', 'b', 'istio-system', 'c', 'd'];
export const ROOTS = ['istio-system', 'a'];

export const namespace = fc.constantFrom('a', 'a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'c', 'd', 'istio-system');
export const appName = fc.constantFrom('web', 'web', 'api', 'db');
export const version = fc.constantFrom('v1', 'v2');

/** Labels of a pod. */
export const podLabels = fc.record({ app: appName, version }, { requiredKeys: ['app'] });

/** Selectors: of an app, of a version, of both, of nothing that is there; rarely empty. */
export const selector = fc.oneof(
  { weight: 6, arbitrary: fc.record({ app: appName }) },
  { weight: 2, arbitrary: fc.record({ version }) },
  { weight: 2, arbitrary: fc.record({ app: appName, version }) },
  { weight: 1, arbitrary: fc.constant({ app: 'nobody' }) },
);

export const servicePort = fc.constantFrom(80, 80, 443, 8080, 9000);
export const containerPort = fc.constantFrom(8080, 8080, 9000, 9090, 80);

/** What may be undefined may be left out. */
type Present<T> = T extends unknown
  ? { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] }
    & { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> }
  : never;

/** Drops what is undefined: in a manifest it isn't there. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** An array of different objects: those of one kind, namespace and name are one. */
export function objects<T extends Manifest>(arbitrary: Arbitrary<T>, maxLength: number, minLength = 0): Arbitrary<T[]> {
  return fc.uniqueArray(arbitrary, { minLength, maxLength, selector: ({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}` });
}

/** Once in `times` a value, else undefined. */
export const maybe = <T>(arbitrary: Arbitrary<T>, times = 2): Arbitrary<T | undefined> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** Hosts as rules write them: short, full, half-full (which matches nothing), wildcards, external. */
export const ruleHost = fc.oneof(
  { weight: 5, arbitrary: appName },
  { weight: 6, arbitrary: fc.tuple(appName, namespace).map(([app, ns]) => `${app}.${ns}.svc.cluster.local`) },
  { weight: 1, arbitrary: fc.tuple(appName, namespace).map(([app, ns]) => `${app}.${ns}`) },
  { weight: 2, arbitrary: namespace.map((ns) => `*.${ns}.svc.cluster.local`) },
  { weight: 2, arbitrary: fc.constantFrom('*.svc.cluster.local', '*.local', '*', '*.com', '*.example.com') },
  { weight: 2, arbitrary: fc.constantFrom('ext.example.com', 'other.example.com') },
);

/** A host as somebody may write it: with capitals, or as a whole name of DNS, with a dot at its end. */
export const spelled = fc.oneof(
  { weight: 60, arbitrary: fc.constant((host: string) => host) },
  { weight: 1, arbitrary: fc.constant((host: string) => host.replace(/[a-z]/, (first) => first.toUpperCase())) },
  { weight: 1, arbitrary: fc.constant((host: string) => (host.includes('.') ? `${host}.` : host)) },
);

export const exportTo = fc.oneof(
  fc.constantFrom(undefined, undefined, ['*'], ['.'], ['a'], ['b'], ['a', 'b'], ['.', 'c']),
);
