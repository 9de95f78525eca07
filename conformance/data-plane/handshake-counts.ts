// How many TLS handshakes calls make, by what a DestinationRule says of their connections, and how many of them resume an earlier one.
import { MeshRunner } from './runner';
import { calls, policy, rule, scenario, workload, type Scenario } from './scenarios';
import { ENVOY_VERSION } from '../node/envoy';
import { istioVersion } from '../node/module-version';

/** What one side's sidecars counted. */
interface TlsCounts {
  readonly connections: number;
  readonly handshakes: number;
  readonly resumed: number;
}

/** Calls of one client, and the handshakes that they took. */
export interface HandshakeCount {
  readonly case: string;
  /** By curl, or of a client that speaks TCP. */
  readonly kind: 'http' | 'tcp';
  /** Of the rule for the server. Default: none. */
  readonly trafficPolicy?: object;
  readonly servers: number;
  readonly calls: number;
  /** Milliseconds between two calls. */
  readonly pause: number;
  readonly version: 'TLS 1.3' | 'TLS 1.2';
  /** The client's cluster, and the servers' listeners. */
  readonly client: TlsCounts;
  readonly server: TlsCounts;
}

export interface HandshakeCountFacts {
  readonly istio: string;
  readonly envoy: string;
  readonly counts: readonly HandshakeCount[];
}

type Case = Pick<HandshakeCount, 'case' | 'kind' | 'trafficPolicy'> & Partial<Pick<HandshakeCount, 'servers' | 'pause'>>;

const CALLS = 10;
/** A time that lies between two calls, and one that is over until the next call. */
const [PAUSE, SHORT] = [600, '0.2s'];

const http = (settings: object): object => ({ connectionPool: { http: settings } });
const tcp = (settings: object): object => ({ connectionPool: { tcp: settings } });

const CASES: readonly Case[] = [
  { case: 'HTTP', kind: 'http' },
  { case: 'HTTP, with a pause', kind: 'http', pause: PAUSE },
  { case: 'HTTP, one request a connection', kind: 'http', trafficPolicy: http({ maxRequestsPerConnection: 1 }) },
  { case: 'HTTP, five requests a connection', kind: 'http', trafficPolicy: http({ maxRequestsPerConnection: 5 }) },
  { case: 'HTTP, idle for longer than http.idleTimeout', kind: 'http', trafficPolicy: http({ idleTimeout: SHORT }), pause: PAUSE },
  { case: 'HTTP, idle for longer than tcp.idleTimeout', kind: 'http', trafficPolicy: tcp({ idleTimeout: SHORT }), pause: PAUSE },
  { case: 'HTTP, longer than tcp.maxConnectionDuration', kind: 'http', trafficPolicy: tcp({ maxConnectionDuration: SHORT }), pause: PAUSE },
  { case: 'HTTP, one request a connection, two servers in turn', kind: 'http', trafficPolicy: { ...http({ maxRequestsPerConnection: 1 }), loadBalancer: { simple: 'ROUND_ROBIN' } }, servers: 2 },
  { case: 'TCP', kind: 'tcp' },
  { case: 'TCP, two servers in turn', kind: 'tcp', trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } }, servers: 2 },
];

/** What the servers' Envoys are limited to. */
const VERSIONS = [{ version: 'TLS 1.3' }, { version: 'TLS 1.2', serverTls: 'TLSv1_2' }] as const;

export async function handshakeCounts(): Promise<HandshakeCountFacts> {
  const runner = new MeshRunner();
  try {
    const counts = await Promise.all(CASES.flatMap((one) => VERSIONS.map(({ version, ...setup }) => counted(runner, one, version, setup))));
    return { istio: istioVersion(), envoy: ENVOY_VERSION, counts };
  } finally {
    runner.close();
  }
}

async function counted(runner: MeshRunner, one: Case, version: HandshakeCount['version'], setup: object): Promise<HandshakeCount> {
  const { kind, trafficPolicy, servers = 1, pause = 0 } = one;
  const { mesh, probes, ends } = meshOf(one);
  const { error, symptoms: [seen] = [] } = await runner.run({ ...mesh, probes, ends, counters: true, ...setup });
  if (error || !seen?.counters || seen.exit !== 0) throw new Error(`${one.case}, ${version}: ${error ?? JSON.stringify(seen)}`);
  const { 'shop/client': ofClient, ...others } = seen.counters;
  const ofServers = Object.values(others);
  return {
    case: one.case, kind, trafficPolicy, servers, calls: CALLS, pause, version,
    client: sumOf([ofClient], /^cluster\.outbound\|\d+\|[^;]*server\.shop/, 'upstream_cx_total'),
    server: sumOf(ofServers, /^listener\.0\.0\.0\.0_15006\.(?!worker_)/, 'downstream_cx_total'),
  };
}

/** What the counters come to whose names begin so. */
function sumOf(all: readonly Readonly<Record<string, number>>[], prefix: RegExp, connections: string): TlsCounts {
  const sum = (end: string): number => all.flatMap((one) => Object.entries(one)).filter(([name]) => prefix.test(name) && name.endsWith(`.${end}`)).reduce((total, [, value]) => total + value, 0);
  return { connections: sum(connections), handshakes: sum('ssl.handshake'), resumed: sum('ssl.session_reused') };
}

function meshOf({ case: name, kind, trafficPolicy, servers = 1, pause }: Case): Scenario {
  const objects = [policy('STRICT'), ...trafficPolicy ? [rule('shop', trafficPolicy)] : [], ...servers > 1 ? workload('shop/other', 'server') : []];
  return scenario(name, objects, calls('shop/client', 'shop', kind).map((probe) => ({ ...probe, times: CALLS, pause })));
}
