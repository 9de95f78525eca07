// What the parties of failing connections see: the calling program, and both sidecars' logs.
import type { Symptoms } from './report';
import { MeshRunner } from './runner';
import { SCENARIOS, type Scenario } from './scenarios';
import { ENVOY_VERSION } from '../node/envoy';
import { istioVersion } from '../node/module-version';

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

async function told(runner: MeshRunner, { mesh, probes, certificates, ends, closed, name }: Scenario): Promise<Told[]> {
  const { error, notRun, refused, symptoms: seen = [] } = await runner.run({ ...mesh, probes, certificates, ends, closed });
  if (error || notRun.length > 0 || refused.length > 0 || seen.length < probes.length) {
    throw new Error(`${name}: ${error ?? JSON.stringify({ notRun, refused, seen: seen.length })}`);
  }
  return seen.map(({ wire, clientLog, serverLog, ...rest }) => (
    { ...rest, ...endOf(rest), wire: [...new Set(wire)], clientLog: linesOf(clientLog), serverLog: linesOf(serverLog) }));
}

/** How a call ended. Whoever is refused after the handshake of TLS 1.3 hears so only if it isn't just writing. */
function endOf({ kind, exit, said }: Pick<Symptoms, 'kind' | 'exit' | 'said'>): Pick<Symptoms, 'exit' | 'said'> {
  const isRefused = kind === 'https' && [16, 55, 56].includes(exit) && /certificate required|Broken pipe|reset by peer|SSL_ERROR_SYSCALL/.test(said);
  return isRefused ? { exit: 56, said: 'curl: (56) certificate required, or (16) Broken pipe' } : { exit, said: steadied(said, VARYING_SAID) };
}

/**
 * What programs say otherwise from one run to the next. Whether the last that a connection's end tells is a reset or an end is the
 * kernel's: it depends on whether bytes lie unread at that moment.
 */
const VARYING_SAID: readonly [RegExp, string][] = [
  [/^(EOF|(read: read|write: write): (connection reset by peer|broken pipe))$/, 'reset or closed'],
  [/^(curl: \(35\)) (OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to \S+|Recv failure: Connection reset by peer)$/, '$1 reset or closed'],
  [/ after \d+ ms: /, ' after MS ms: '],
];

/**
 * What is another each time: times, request ids, the ports that clients call from, and whether the server's sidecar was already at
 * its application when the end came.
 */
const VARYING: readonly [RegExp, string][] = [
  [/^\[[^\]]*\]/, '[TIME]'], [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'], [/(?<=\d:)[3-6]\d{4}\b/g, 'PORT'],
  [/"[^"]*" (inbound\|\d+\|\|) \S+ /, '"SERVER" $1 LOCAL '],
];

function steadied(text: string, varying: readonly [RegExp, string][]): string {
  return varying.reduce((line, [pattern, name]) => line.replace(pattern, name), text);
}

const FORMAT = /^(\[TIME\] "(?:[^"]*)" (\d+) (\S+) (\S+) (\S+) "([^"]*)") \d+ \d+ \d+ \S+ /;

/** Each line once: how often a connection is tried until retries are over is a matter of time, too. */
function linesOf(log: readonly string[]): LogLine[] {
  return [...new Map(log.map(parsed).map((one) => [one.line, one])).values()];
}

/** Durations aren't told, nor bytes: they count how far both got before the end, and signatures whose length varies. */
function parsed(text: string): LogLine {
  const steady = steadied(text, VARYING);
  const found = FORMAT.exec(steady);
  if (!found) throw new Error(`a line of an access log that isn't in Istio's format: ${text}`);
  const [whole, head, code, flags, details, termination, transportFailure] = found;
  return { code: Number(code), flags, details, termination, transportFailure, line: steady.replace(whole, () => `${head} BYTES BYTES MS MS `) };
}
