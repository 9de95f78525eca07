// One call in mutual TLS, record by record, as TLS 1.3 and as TLS 1.2 make it.
import type { TlsRecord } from './report';
import { MeshRunner } from './runner';
import { SCENARIOS, type Scenario } from './scenarios';
import { ENVOY_VERSION } from '../node/envoy';
import { istioVersion } from '../node/module-version';

/** A version's first connection, and the one after it. */
interface Capture {
  readonly version: string;
  readonly how: string;
  readonly first: readonly TlsRecord[];
  readonly second: readonly TlsRecord[];
}

export interface HandshakeFacts {
  readonly istio: string;
  readonly envoy: string;
  readonly captures: readonly Capture[];
}

const CAPTURES = [
  { version: 'TLS 1.3', how: 'both sidecars as istiod configures them' },
  { version: 'TLS 1.2', how: 'the server\'s Envoy limited to tls_maximum_protocol_version TLSv1_2; the client as istiod configures it', serverTls: 'TLSv1_2' },
] as const;

/** One call, twice: of a client that speaks first, to a port declared TCP, whose ALPN no filter of Istio's own proxy changes. */
function captured(): Scenario {
  const [scenario] = SCENARIOS;
  const call = scenario.probes.find(({ kind }) => kind === 'tcp')!;
  return { ...scenario, probes: [call, call] };
}

export async function handshake(): Promise<HandshakeFacts> {
  const runner = new MeshRunner();
  try {
    const captures = [];
    for (const { version, how, ...setup } of CAPTURES) captures.push({ version, how, ...await recordsOf(runner, version, setup) });
    return { istio: istioVersion(), envoy: ENVOY_VERSION, captures };
  } finally {
    runner.close();
  }
}

async function recordsOf(runner: MeshRunner, version: string, setup: object): Promise<Pick<Capture, 'first' | 'second'>> {
  const { mesh, probes, ends } = captured();
  const { error, symptoms: seen = [] } = await runner.run({ ...mesh, probes, ends, records: true, ...setup });
  const [first, second] = seen.map(({ exit, records }) => (exit === 0 ? records : undefined));
  if (error || !first || !second) throw new Error(`${version}: ${error ?? JSON.stringify(seen)}`);
  return { first, second };
}
