// Forms that few meshes have. Each is drawn after all else that a mesh is made of, and changes a mesh that is there.
import fc, { type Arbitrary } from 'fast-check';
import { taggedRevision } from './revision-tags';
import { apart } from './services';
import { endpointsObject, nodeMachine, ownSlice, type Listing } from './slices';
import { unreadPod, type Unread } from './unread-pods';
import { maybe } from './words';
import type { Manifest } from '../manifest';
import { isA } from '../specs';

/** Which of a mesh's objects take a form, each by its place among those that may. */
interface RareForms {
  readonly sctp?: number;
  readonly slice?: Listing;
  readonly endpoints?: Listing;
  readonly node?: number;
  readonly capitals?: number;
  readonly host?: { readonly at: number; readonly host: string };
  readonly tag?: number;
  readonly unread?: Unread;
}

const at = fc.nat({ max: 100 });

/** Names of Services and pods as resolvers complete them. */
const clusterHost = fc.oneof(
  fc.constantFrom('web.a', 'api.b', 'db.a.svc', 'web.b.svc'),
  fc.tuple(fc.constantFrom('w1-0', 'w2-1', 'one'), fc.constantFrom('web', 'api'), fc.constantFrom('a', 'b')).map(([pod, app, ns]) => `${pod}.${app}.${ns}.svc.cluster.local`),
);

const listing: Arbitrary<Listing> = fc.record({
  at, address: at, outside: fc.boolean(), isNamed: fc.boolean(), ready: fc.constantFrom(undefined, true, false),
  port: fc.constantFrom(undefined, 8080, 9000, 8088), fewer: maybe(fc.constant(true), 3),
});

export const rareForms: Arbitrary<RareForms> = fc.record({
  sctp: maybe(at, 12), slice: maybe(listing, 8), endpoints: maybe(listing, 10), node: maybe(at, 10), capitals: maybe(at, 12),
  host: maybe(fc.record({ at, host: clusterHost }), 10), tag: maybe(at, 8),
  unread: maybe(fc.record({ listing, pod: at, headless: fc.boolean() }), 8),
});

/** A mesh's objects in the forms that are drawn. */
export function inRareForms(
  objects: readonly Manifest[], { sctp, slice, endpoints, node, capitals, host, tag, unread }: RareForms,
): readonly Manifest[] {
  const forms: readonly (((all: readonly Manifest[]) => readonly Manifest[]) | undefined)[] = [
    sctp === undefined ? undefined : (all) => changedOne(all, isPlain, sctp, (object) => overSctp(object, sctp)),
    slice && ((all) => ownSlice(all, slice)),
    endpoints && ((all) => endpointsObject(all, endpoints)),
    node === undefined ? undefined : (all) => nodeMachine(all, node),
    capitals === undefined ? undefined : (all) => changedOne(all, namesServers, capitals, withCapitals),
    host && ((all) => apart(changedOne(all, isEntry, host.at, (object) => ({ ...object, spec: { ...object.spec, hosts: [host.host] } })))),
    tag === undefined ? undefined : (all) => taggedRevision(all, tag),
    unread && ((all) => unreadPod(all, unread)),
  ];
  return forms.reduce<readonly Manifest[]>((all, form) => (form ? form(all) : all), objects);
}

/** The objects, with one of those that may change in another form. */
function changedOne(
  objects: readonly Manifest[], may: (object: Manifest) => boolean, place: number, change: (object: Manifest) => Manifest,
): readonly Manifest[] {
  const those = objects.filter(may);
  const chosen = those[place % those.length];
  return objects.map((object) => (object === chosen ? change(object) : object));
}

const isEntry = ({ kind }: Manifest): boolean => kind === 'ServiceEntry';
const isPlain = (object: Manifest): boolean => isA('Service', object) && object.spec.externalName === undefined;

/** One of a Service's ports is SCTP's, or it has one more that is; it shares its number with none. */
function overSctp(object: Manifest, place: number): Manifest {
  if (!isA('Service', object)) return object;
  const { ports } = object.spec;
  const single = ports.filter(({ port }) => ports.filter((other) => other.port === port).length === 1);
  const chosen = single[place % single.length];
  const beside = place % 2 === 0 && ports.every(({ name }) => name !== undefined);
  const changed = ports.map((port) => (port === chosen ? { ...port, protocol: 'SCTP' } : port));
  return { ...object, spec: { ...object.spec, ports: beside ? [...ports, { port: 38412, name: 'sctp-38412', protocol: 'SCTP' }] : changed } };
}

const namesServers = ({ kind, spec }: Manifest): boolean => kind === 'VirtualService' && spec.tls !== undefined;

/** A VirtualService that writes the first of its server names with a capital, as a host and as a server's name. */
function withCapitals(object: Manifest): Manifest {
  const [name]: readonly string[] = object.spec.tls[0].match[0].sniHosts;
  const written = name.replace(/[a-z]/, (first) => first.toUpperCase());
  return { ...object, spec: JSON.parse(JSON.stringify(object.spec).replaceAll(`"${name}"`, `"${written}"`)) };
}
