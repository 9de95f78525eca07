// What istiod makes of the policies that were applied: its own store, and what it serves to sidecars.
import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../manifest';
import { type IstiodAddresses } from '../node/istiod';
import { RefereeProcess } from '../node/referee-process';

const SEEN_WITHIN_MS = 20000;
const ROOT = 'istio-system';

/** What istiod serves to a sidecar: the JSON of internal/served/served.go. */
interface Served {
  /** By port; "0" is any other one. */
  readonly modes?: Readonly<Record<string, string>>;
  /** The TLS of each cluster. */
  readonly clusters?: Readonly<Record<string, string>>;
  readonly error?: string;
}

export class Istiod {
  private readonly http: string;
  private readonly proxies: RefereeProcess<Served>;

  constructor({ http, xds }: IstiodAddresses) {
    this.http = http;
    this.proxies = new RefereeProcess('served', [xds]);
  }

  /** Undefined once istiod's store holds the object as it was applied; else what is there instead. */
  unlikeStored(object: Manifest): Promise<string | undefined> {
    return within(async () => {
      const all = await (await fetch(`${this.http}/debug/configz`)).json() as readonly Manifest[];
      const stored = all.find((each) => isSame(each, object));
      return isDeepStrictEqual(written(object.kind, stored?.spec), written(object.kind, object.spec)) ? undefined : `istiod's store has ${JSON.stringify(stored?.spec)}`;
    });
  }

  /** Undefined once istiod serves the policies' modes to sidecars with the labels of each; else what it serves instead. */
  async unlikeServed(policy: Manifest, policies: readonly Manifest[]): Promise<string | undefined> {
    const { metadata: { namespace }, spec = {} } = policy;
    const expected = expectedModes(policy, policies);
    return within(async () => {
      const { modes, error } = await this.proxies.judge(JSON.stringify({ namespace, labels: spec.selector?.matchLabels ?? {} }));
      const served = Object.fromEntries(Object.keys(expected).map((port) => [port, modes?.[port] ?? modes?.[0]]));
      return isDeepStrictEqual(served, expected) ? undefined : `expected ${JSON.stringify(expected)}, istiod serves ${error ?? JSON.stringify(modes)}`;
    });
  }

  /** Undefined once istiod serves the rule's TLS to a sidecar for which it is, for a host that is a Service; else what it serves. */
  async unlikeCalled({ metadata: { namespace }, spec }: Manifest, port: number): Promise<string | undefined> {
    const { host, trafficPolicy = {}, workloadSelector = {} } = spec;
    const { tls } = trafficPolicy.portLevelSettings?.find((settings: any) => settings.port.number === port) ?? trafficPolicy;
    const expected = tls?.mode === undefined ? 'auto' : tls.mode === 'DISABLE' ? 'plaintext' : 'tls';
    return within(async () => {
      const { clusters, error } = await this.proxies.judge(JSON.stringify({ namespace, labels: workloadSelector.matchLabels ?? {} }));
      const served = clusters?.[`outbound|${port}||${host}`];
      return served === expected ? undefined : `expected ${expected} to ${host}:${port}, istiod serves ${error ?? served}`;
    });
  }

  close(): void {
    this.proxies.close();
  }
}

/** Words that are their field's zero, by kind: istiod shows none of them. */
const ZEROS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AuthorizationPolicy: { action: 'ALLOW' },
  DestinationRule: { mode: 'DISABLE' },
  ServiceEntry: { location: 'MESH_EXTERNAL', resolution: 'NONE' },
  Sidecar: { mode: 'REGISTRY_ONLY' },
};

const written = (kind: string, spec: object = {}): unknown => (
  JSON.parse(JSON.stringify(spec, (key, value) => (value === ZEROS[kind]?.[key] ? undefined : sameDuration(value)))));

/** istiod's store writes milliseconds out: 1.5s as 1.500s. */
const sameDuration = (value: unknown): unknown => (
  typeof value === 'string' && /^\d+\.\d+s$/.test(value) ? `${Number(value.slice(0, -1))}s` : value);

const isSame = ({ kind, metadata: { name, namespace } }: Manifest, { kind: otherKind, metadata: other }: Manifest) =>
  kind === otherKind && name === other.name && namespace === other.namespace;

/** The modes by port of a sidecar that has just the labels that the policy selects; "0" is any other port. */
function expectedModes(policy: Manifest, policies: readonly Manifest[]): Record<string, string> {
  const wide = (place: string | undefined): string | undefined =>
    policies.find(({ metadata, spec }) => metadata.namespace === place && !spec.selector)?.spec.mtls?.mode;
  const told = (mode: string | undefined, otherwise: string) => (mode === undefined || mode === 'UNSET' ? otherwise : mode);
  const { metadata: { namespace }, spec = {} } = policy;
  const mode = told(spec.mtls?.mode, told(wide(namespace), told(wide(ROOT), 'PERMISSIVE')));
  const ports = Object.entries<{ readonly mode?: string }>(spec.portLevelMtls ?? {});
  return { 0: mode, ...Object.fromEntries(ports.map(([port, own]) => [port, told(own.mode, mode)])) };
}

/** Asks until the answer is undefined, or time is up. */
async function within(ask: () => Promise<string | undefined>): Promise<string | undefined> {
  for (const end = Date.now() + SEEN_WITHIN_MS; ;) {
    const answer = await ask();
    if (answer === undefined || Date.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
