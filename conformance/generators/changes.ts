// Random changes of random meshes: objects of what configures proxies are added, removed or changed, while the same pods run.
import fc, { type Arbitrary } from 'fast-check';
import type { Manifest } from '../manifest';
import { isA, type ManifestOf, type ServicePort } from '../specs';
import { someEnvoyFilters } from './envoy-filters';
import { policies } from './policies';
import { virtualServices } from './routes';
import { destinationRules } from './rules';
import { apart, serviceEntries, services } from './services';
import { sidecars } from './sidecars';
import { maybe, present } from './words';

/** The kinds of objects that change, and how often each does. */
const KINDS = { PeerAuthentication: 5, DestinationRule: 5, VirtualService: 3, Service: 3, Sidecar: 2, ServiceEntry: 2, EnvoyFilter: 1 } as const;

export type ChangingKind = keyof typeof KINDS;

/** What is done to an object of a kind. Services are changed only: their addresses are no part of what changes. */
interface Step {
  readonly kind: ChangingKind;
  readonly how: 'add' | 'remove' | 'change';
  /** Which of the objects that are there, and of the new ones. */
  readonly at: number;
  /** When a new object was made, if its manifest says so. */
  readonly time?: string;
}

const stepOf = (kinds: readonly ChangingKind[]): Arbitrary<Step> => fc.record({
  kind: fc.oneof(...kinds.map((kind) => ({ weight: KINDS[kind], arbitrary: fc.constant(kind) }))),
  how: fc.constantFrom('add', 'remove', 'change'),
  at: fc.nat({ max: 1000 }),
  time: maybe(fc.constantFrom('2026-02-01T00:00:00Z', '2026-02-15T00:00:00Z'), 8),
});

/** A change of a mesh: its steps, and objects as they may be afterwards. */
export interface MeshChange {
  readonly steps: readonly Step[];
  readonly fresh: readonly Manifest[];
}

/** @param kinds those that change, if not all may */
export function meshChange(kinds = Object.keys(KINDS) as ChangingKind[]): Arbitrary<MeshChange> {
  return fc.record({
    steps: fc.array(stepOf(kinds), { minLength: 1, maxLength: 6 }),
    fresh: fc.tuple(policies, destinationRules, virtualServices, services, sidecars, serviceEntries, someEnvoyFilters).map((all) => all.flat()),
  });
}

/** The objects of a mesh after a change. */
export function changed(objects: readonly Manifest[], { steps, fresh }: MeshChange): Manifest[] {
  return apart(steps.reduce<readonly Manifest[]>((all, one) => after(all, one, fresh), objects));
}

function after(objects: readonly Manifest[], { kind, how, at, time }: Step, fresh: readonly Manifest[]): readonly Manifest[] {
  const [own, other] = [objects, fresh].map((all) => nth(all.filter((object) => object.kind === kind), at));
  if (own && how === 'remove' && kind !== 'Service') return objects.filter((object) => object !== own);
  if (own && other && (how === 'change' || kind === 'Service')) return objects.map((object) => (object === own ? likened(own, other, at) : object));
  if (!other || how !== 'add' || objects.some((object) => isSame(object, other))) return objects;
  return [...objects, time === undefined ? other : { ...other, metadata: { ...other.metadata, creationTimestamp: time } }];
}

function nth<Item>(all: readonly Item[], at: number): Item | undefined {
  return all[at % all.length];
}

function isSame(one: Manifest, other: Manifest): boolean {
  return one.kind === other.kind && one.metadata.namespace === other.metadata.namespace && one.metadata.name === other.metadata.name;
}

/** An object that says what another one does, in whole or in part. */
function likened(own: Manifest, other: Manifest, at: number): Manifest {
  if (isA('Service', own) && isA('Service', other)) return { ...own, spec: { ...own.spec, ...servedAs(own, other, at) } };
  if (isA('DestinationRule', own) && isA('DestinationRule', other) && at % 3 === 0) return { ...own, spec: present({ ...own.spec, subsets: other.spec.subsets }) };
  return { ...own, spec: other.spec };
}

/** A Service's ports in other protocols, or other ports. */
function servedAs({ spec: { ports } }: ManifestOf<'Service'>, { spec: { ports: others } }: ManifestOf<'Service'>, at: number) {
  return { ports: at % 3 === 0 ? others : ports.map((port, index) => spokenAs(port, others[index % others.length])) };
}

function spokenAs(port: ServicePort, { name, appProtocol, protocol }: ServicePort): ServicePort {
  if (protocol === 'UDP' || port.protocol === 'UDP') return port;
  const named = port.name !== undefined && name !== undefined ? name.replace(/\d+$/, String(port.port)) : port.name;
  return present({ ...port, name: named, appProtocol });
}
