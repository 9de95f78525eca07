// The live part: etcd, kube-apiserver, and istiod with its webhook registered. What the examples and the constructs'
// snapshots emit is applied, istiod's distribution of it is read back, and the article's mistakes are tried.
import type { Manifest } from '../manifest';
import { startControlPlane } from '../node/control-plane';
import { installCrds, istioCrds } from '../node/crds';
import { foreignCrds, FOREIGN_VERSIONS } from '../node/foreign-crds';
import { startIstiod } from '../node/istiod';
import { KubeClient } from '../node/kube-client';
import type { PartOptions, PartResult, Print } from '../part';
import { Applier } from './applier';
import { emittedSets, type EmittedSet } from './emitted';
import { MISTAKES, type Mistake } from './mistakes';
import { Istiod } from './served';

export interface LiveFacts {
  /** The projects whose kinds are neither Kubernetes' nor Istio's, with their versions. */
  readonly foreign: readonly string[];
  sets: number;
  /** How many objects were applied, by kind. */
  readonly applied: Record<string, number>;
  refused: number;
  stored: number;
  servedPolicies: number;
  servedRules: number;
  readonly mistakes: { readonly row: number; readonly about: string; readonly refused: boolean; readonly because?: string }[];
}

/** Checks it all. Nothing in it is random. */
export async function live({ print }: PartOptions): Promise<PartResult<LiveFacts>> {
  const controlPlane = await startControlPlane();
  const { connection, processes } = controlPlane;
  const client = new KubeClient(connection);
  let istiod: Istiod | undefined;
  try {
    await installCrds(client, [...istioCrds(), ...foreignCrds()]);
    istiod = new Istiod(await startIstiod(client, controlPlane));
    const run = new LiveRun(new Applier(client), istiod, print);
    for (const set of emittedSets()) await run.set(set);
    for (const mistake of MISTAKES) await run.mistake(mistake);
    return { passed: run.passed, failed: run.failed, facts: run.facts };
  } finally {
    istiod?.close();
    client.close();
    await processes.stop();
  }
}

class LiveRun {
  passed = 0;
  failed = 0;
  readonly facts: LiveFacts = {
    foreign: FOREIGN_VERSIONS, sets: 0, applied: {}, refused: 0, stored: 0, servedPolicies: 0, servedRules: 0, mistakes: [],
  };

  constructor(private readonly applier: Applier, private readonly istiod: Istiod, private readonly print: Print) {}

  /** Applies a set of objects that belong together, reads back what the cluster stores, and deletes it. */
  async set({ from, objects }: EmittedSet): Promise<void> {
    this.facts.sets += 1;
    const applied: Manifest[] = [];
    for (const object of objects) {
      const { status, message } = await this.applier.apply(object);
      const name = `${object.kind} (${object.apiVersion})`;
      if (this.check(status < 300, `${from}: ${object.kind} ${object.metadata.name} is refused: ${message}`)) {
        add(this.facts.applied, name);
        applied.push(object);
      } else {this.facts.refused += 1;}
    }
    await this.readBack(from, applied.filter(({ apiVersion }) => apiVersion.includes('istio.io/')));
    for (const object of applied.filter(({ kind }) => kind !== 'Namespace')) await this.applier.remove(object);
  }

  private async readBack(from: string, objects: readonly Manifest[]): Promise<void> {
    for (const object of objects) {
      const problem = await this.istiod.unlikeStored(object);
      if (this.check(!problem, `${from}: ${object.kind} ${object.metadata.name}: ${problem}`)) this.facts.stored += 1;
    }
    const policies = objects.filter(({ kind }) => kind === 'PeerAuthentication');
    for (const policy of policies) {
      const problem = await this.istiod.unlikeServed(policy, policies);
      if (this.check(!problem, `${from}: PeerAuthentication ${policy.metadata.name}: ${problem}`)) this.facts.servedPolicies += 1;
    }
    for (const rule of objects.filter(({ kind, spec }) => kind === 'DestinationRule' && SERVICE.test(spec.host))) await this.call(from, rule);
  }

  /** A rule shows in what istiod serves when its host is a Service: one is made for it, with the ports that the rule names. */
  private async call(from: string, rule: Manifest): Promise<void> {
    const [, name, namespace] = SERVICE.exec(rule.spec.host) ?? [];
    const named: number[] = (rule.spec.trafficPolicy?.portLevelSettings ?? []).map(({ port }: any) => port.number);
    const ports = [...new Set([80, ...named])];
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { ports: ports.map((port) => ({ name: `tcp-${port}`, port })) } };
    const { status, message } = await this.applier.apply(service);
    if (!this.check(status < 300, `${from}: Service ${name}: ${message}`)) return;
    for (const port of ports) {
      const problem = await this.istiod.unlikeCalled(rule, port);
      if (this.check(!problem, `${from}: DestinationRule ${rule.metadata.name}: ${problem}`)) this.facts.servedRules += 1;
    }
    await this.applier.remove(service);
  }

  async mistake({ row, about, object, refused, taken }: Mistake): Promise<void> {
    const { status, message } = await this.applier.apply(object);
    const said = status < 300 ? 'taken' : message;
    const asExpected = refused === undefined ? status < 300 : status >= 300 && message.includes(refused);
    this.check(asExpected, `row ${row} of the article, ${about}: expected ${refused ? `to be refused with '${refused}'` : 'to be taken'}; the cluster: ${said}`);
    this.facts.mistakes.push({ row, about, refused: status >= 300, because: refused ?? taken });
    if (status < 300) await this.applier.remove(object);
  }

  private check(holds: boolean, problem: string): boolean {
    this[holds ? 'passed' : 'failed'] += 1;
    if (!holds) this.print(`live: ${problem}`);
    return holds;
  }
}

const SERVICE = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc\.cluster\.local$/;

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
