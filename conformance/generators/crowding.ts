// Some meshes have fewer names and ports than the others: what rarely meets elsewhere meets there.
import fc from 'fast-check';
import type { Manifest } from '../manifest';

/** What is crowded in a mesh: names of apps, hosts outside, these and the cluster's, ports, and Services, which lose their addresses. */
type Crowding = Readonly<Partial<Record<'apps' | 'outside' | 'inside' | 'ports' | 'headless', boolean>>>;

const once = (times: number) => fc.integer({ min: 1, max: times }).map((number) => number === 1);

/** What is crowded in a mesh; most meshes are left as they are. */
export const crowding: fc.Arbitrary<Crowding> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ apps: once(2), outside: once(3), inside: once(6), ports: once(2), headless: once(3) }) },
);

/** A mesh's objects, crowded; those that become one by it are still two. */
export function crowded(objects: readonly Manifest[], { apps, outside, inside, ports, headless }: Crowding): Manifest[] {
  let text = JSON.stringify(objects);
  if (apps) text = text.replaceAll('"db"', '"api"').replaceAll('db.', 'api.');
  if (outside) text = text.replaceAll('other.example.com', 'ext.example.com');
  // ServiceEntries take the names of the cluster's services.
  if (inside) text = text.replaceAll('ext.example.com', 'api.a.svc.cluster.local').replaceAll('*.example.com', '*.a.svc.cluster.local');
  const renamed: Manifest[] = JSON.parse(text);
  return renamed.map((object) => {
    const here = ports && SERVING.includes(object.kind) ? { ...object, spec: onOnePort(object.spec) } : object;
    return withoutRepeats(headless && isPlain(here) ? { ...here, spec: { ...here.spec, clusterIP: 'None' } } : here);
  });
}

/** The kinds that speak of the ports of services, not of containers. */
const SERVING = ['Service', 'ServiceEntry', 'DestinationRule', 'VirtualService'];

function isPlain({ kind, spec }: Manifest): boolean {
  return kind === 'Service' && spec.type !== 'ExternalName';
}

/** Every port but 443 becomes 80; of those that become one the first stays. */
function onOnePort(value: any, key?: string): any {
  if (typeof value === 'number') return (key === 'port' || key === 'number') && value !== 443 ? 80 : value;
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, onOnePort(inner, name)]));
  const all: any[] = value.map((inner) => onOnePort(inner));
  return key === 'ports' || key === 'portLevelSettings' ? unique(all, ({ port, number, protocol }) => `${number ?? port.number ?? port} ${protocol === 'UDP'}`) : all;
}

/** Lists of hosts that name none twice: validation wants it. */
function withoutRepeats(value: any): any {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutRepeats(inner)]));
  return value.every((inner) => typeof inner === 'string') ? [...new Set(value)] : value.map(withoutRepeats);
}

function unique<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [keyOf(one), one] as const).reverse()).values()].reverse();
}
