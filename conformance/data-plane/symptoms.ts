// What the parties of failing connections see: the calling program, and both sidecars' logs.
import type { TlsRecord } from './handshake';
import type { Wire } from './report';
import { MeshRunner } from './runner';
import { SCENARIOS, type Scenario } from './scenarios';
import type { ObjectName } from '../../src/mesh/inventory/object';
import { ENVOY_VERSION } from '../node/envoy';
import { istioVersion } from '../node/module-version';

/** A call: by curl, of a client that speaks first, or of one that waits for its server to speak. */
export interface Probe {
  readonly client: ObjectName;
  readonly requested: { readonly host: string; readonly port: number };
  readonly kind: 'http' | 'https' | 'tcp' | 'greeting';
}

export interface Symptoms extends Probe {
  /** The exit code of curl; 1 where another client failed. */
  readonly exit: number;
  readonly said: string;
  readonly status?: number;
  readonly body?: string;
  readonly wire: readonly Wire[];
  readonly clientLog: readonly string[];
  readonly serverLog: readonly string[];
  /** Those of its TLS, where they were asked for. */
  readonly records?: readonly TlsRecord[];
}

/** A line of a sidecar's access log, in Istio's format. */
interface LogLine {
  /** Response code, and Envoy's flags for what went wrong. */
  readonly code: number;
  readonly flags: string;
  readonly details: string;
  readonly termination: string;
  readonly transportFailure: string;
  readonly line: string;
}

type Told = Omit<Symptoms, 'clientLog' | 'serverLog'> & { readonly clientLog: readonly LogLine[]; readonly serverLog: readonly LogLine[] };

export interface SymptomFacts {
  readonly istio: string;
  readonly envoy: string;
  readonly scenarios: readonly { readonly name: string; readonly calls: readonly Told[] }[];
}

export async function symptoms(): Promise<SymptomFacts> {
  const runner = new MeshRunner();
  try {
    const scenarios = await Promise.all(SCENARIOS.map(async (one) => ({ name: one.name, calls: await told(runner, one) })));
    return { istio: istioVersion(), envoy: ENVOY_VERSION, scenarios };
  } finally {
    runner.close();
  }
}

async function told(runner: MeshRunner, { mesh, probes, certificates, ends, name }: Scenario): Promise<Told[]> {
  const { error, notRun, refused, symptoms: seen = [] } = await runner.run({ ...mesh, probes, certificates, ends });
  if (error || notRun.length > 0 || refused.length > 0 || seen.length < probes.length) {
    throw new Error(`${name}: ${error ?? JSON.stringify({ notRun, refused, seen: seen.length })}`);
  }
  return seen.map(({ wire, clientLog, serverLog, ...rest }) => (
    { ...rest, wire: [...new Set(wire)], clientLog: clientLog.map(parsed), serverLog: serverLog.map(parsed) }));
}

/** What is another each time: times, durations, request ids, and the ports that clients call from. */
const VARYING: readonly [RegExp, string][] = [
  [/^\[[^\]]*\]/, '[TIME]'], [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'], [/(?<=\d:)[3-6]\d{4}\b/g, 'PORT'],
];

const FORMAT = /^\[TIME\] "(?:[^"]*)" (\d+) (\S+) (\S+) (\S+) "([^"]*)" (\d+ \d+) \d+ \S+ /;

function parsed(text: string): LogLine {
  const steady = VARYING.reduce((line, [pattern, name]) => line.replace(pattern, name), text);
  const found = FORMAT.exec(steady);
  if (!found) throw new Error(`a line of an access log that isn't in Istio's format: ${text}`);
  const [whole, code, flags, details, termination, transportFailure, bytes] = found;
  const line = steady.replace(whole, whole.replace(new RegExp(`${bytes} \\d+ \\S+ $`), `${bytes} MS MS `));
  return { code: Number(code), flags, details, termination, transportFailure, line };
}
