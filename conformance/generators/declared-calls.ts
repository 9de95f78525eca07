// Annotations in which workloads declare the calls that they make. They are drawn after all else, and change no verdict of istiod's.
import fc, { type Arbitrary } from 'fast-check';
import type { Manifest } from '../manifest';
import { allOf, type Labels } from '../specs';
import { maybe } from './words';

export const DECLARED_CALLS = 'calls.istio-mtls/to';

/** An entry: a Service or a host of a ServiceEntry by its place among them, how it is written, and which of its ports, if any. */
interface Entry {
  /** Whether it is a Service of the workload's own pods, if there is one. */
  readonly isOwn: boolean;
  readonly at: number;
  readonly form: number;
  readonly port?: number;
}

interface Declaration {
  readonly entries: readonly Entry[];
  readonly mistake?: string;
  readonly separator: string;
}

/** What workloads declare, by turns; undefined: nothing. */
type DeclarationsByTurn = readonly (Declaration | undefined)[];

const at = fc.nat({ max: 100 });

/** Entries that name no call: malformed, or of a Service that is nowhere. */
const mistake = fc.constantFrom('a/web/80', 'web:http', 'web:0', 'no such thing', 'a/nobody');

const declaration: Arbitrary<Declaration> = fc.record({
  entries: fc.array(fc.record({ isOwn: fc.boolean(), at, form: at, port: maybe(at) }), { maxLength: 4 }),
  mistake: maybe(mistake, 8), separator: fc.constantFrom(', ', ',', ' ,\n'),
});

export const declaredCalls: Arbitrary<DeclarationsByTurn | undefined> = maybe(fc.array(maybe(declaration), { minLength: 3, maxLength: 5 }), 3);

/** The objects, of which some workloads declare calls to Services and hosts among them. */
export function declaring(objects: readonly Manifest[], declarations: DeclarationsByTurn = []): readonly Manifest[] {
  const names = namesIn(objects);
  return objects.map((object, index) => {
    const declared = isWorkload(object) ? declarations[index % declarations.length] : undefined;
    if (!declared) return object;
    const value = textOf(declared, names, object);
    return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [DECLARED_CALLS]: value } } };
  });
}

function selects({ selector }: Named, { spec }: Manifest): boolean {
  const labels = spec?.template?.metadata?.labels ?? {};
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function isWorkload({ kind, spec }: Manifest): boolean {
  return kind === 'Pod' || kind === 'CronJob' || spec?.template?.spec?.containers !== undefined;
}

/** What can be declared: each of its names, the last in its own namespace alone, its ports, and the labels of its pods. */
interface Named {
  readonly namespace?: string;
  readonly selector?: Labels;
  readonly names: readonly string[];
  readonly shortName?: string;
  readonly ports: readonly number[];
}

function namesIn(objects: readonly Manifest[]): readonly Named[] {
  const services = allOf('Service', objects).map(({ metadata: { name, namespace }, spec }): Named => (
    { namespace, selector: spec.selector, names: [`${namespace}/${name}`], shortName: name, ports: (spec.ports ?? []).map(({ port }) => port) }));
  const hosts = allOf('ServiceEntry', objects).flatMap(({ spec }) => spec.hosts.map((host): Named => (
    { names: [host], ports: (spec.ports as readonly { readonly number: number }[]).map(({ number }) => number) })));
  return [...services, ...hosts];
}

function textOf({ entries, mistake: wrong, separator }: Declaration, all: readonly Named[], object: Manifest): string {
  const { metadata: { namespace: home } } = object;
  const own = all.filter((one) => one.namespace === home && selects(one, object));
  const right = all.length === 0 ? [] : entries.map(({ isOwn, at: place, form, port }) => {
    const among = isOwn && own.length > 0 ? own : all;
    const { namespace, names, shortName, ports } = among[place % among.length];
    const known = shortName !== undefined && namespace === home ? [...names, shortName] : names;
    const digits = port === undefined || ports.length === 0 ? '' : `:${ports[port % ports.length]}`;
    return `${known[form % known.length]}${digits}`;
  });
  return [...right, ...wrong === undefined ? [] : [wrong]].join(separator);
}
