// Plans, made with kubectl in a live cluster: the folders that `istio-mtls plan --out` writes are applied and deleted one
// after the other, there and back, and after each state `istio-mtls snapshot` says what the cluster holds.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dump, loadAll } from 'js-yaml';
import { startControlPlane } from '../node/control-plane';
import { installCrds, istioCrds } from '../node/crds';
import { foreignCrds } from '../node/foreign-crds';
import { KubeClient } from '../node/kube-client';
import { istioVersion, moduleVersion } from '../node/module-version';
import type { PartOptions, PartResult, Print } from '../part';
import { Kubectl } from './kubectl';

const BOUTIQUE = join(__dirname, '../../examples/boutique/cluster.yaml');

export interface PlanFacts {
  readonly istio: string;
  readonly kubernetes: string;
  /** Objects of the example. */
  objects: number;
  /** Each plan, with how many stages it has, and the objects of its folders. */
  readonly plans: { readonly about: string; readonly stages: number; readonly applied: number; readonly deleted: number }[];
  /** How often a snapshot was judged as the manifests of its state. */
  snapshots: number;
  connections: number;
}

/** Nothing in it is random. */
export async function plans({ print }: PartOptions): Promise<PartResult<PlanFacts>> {
  const { connection, processes } = await startControlPlane();
  const client = new KubeClient(connection);
  try {
    await installCrds(client, [...istioCrds(), ...foreignCrds()]);
    const run = new PlanRun(new Kubectl(connection, processes.folder), processes.folder, print);
    run.plan(run.start(), { about: 'the way to STRICT', args: ['to-strict', '--accept-possible'] });
    // Its rules come and go, so that something is deleted on the way.
    const about = 'the way from DISABLE to PERMISSIVE';
    run.plan(run.with(policy('DISABLE'), about), { about, args: [], after: policy('PERMISSIVE') });
    return { passed: run.passed, failed: run.failed, facts: run.facts };
  } finally {
    client.close();
    await processes.stop();
  }
}

class PlanRun {
  passed = 0;
  failed = 0;
  readonly facts: PlanFacts;

  constructor(private readonly kubectl: Kubectl, private readonly folder: string, private readonly print: Print) {
    this.facts = { istio: istioVersion(), kubernetes: moduleVersion('k8s.io/kubernetes', 'kubectl'), objects: 0, plans: [], snapshots: 0, connections: 0 };
  }

  /** Applies the example. What a snapshot of it is judged to be must be what its file is. */
  start(): string {
    this.facts.objects = this.made('apply', BOUTIQUE, 'the example');
    const snapshot = this.snapshot('the example');
    const file = this.judged(readFileSync(BOUTIQUE, 'utf8'));
    this.facts.connections = file.connections.length;
    this.same(this.judged(snapshot), file, 'the example');
    return snapshot;
  }

  /** What the cluster holds once an object is applied. */
  with(object: object, about: string): string {
    this.made('apply', this.written('object.yaml', dump(object)), about);
    return this.snapshot(about);
  }

  /** Makes a plan from what the cluster holds, folder by folder, and takes it back. */
  plan(state: string, { about, args, after }: Planned): void {
    const planned = (cluster: string, ...more: readonly string[]) => {
      const file = this.written('cluster.json', cluster);
      const paths = after ? ['--onto', file, this.written('after.yaml', dump(after))] : [file];
      return this.kubectl.istioMtls(['plan', ...args, ...paths, '--output', 'json', ...more]);
    };
    const folder = join(this.folder, about.replaceAll(' ', '-'));
    const { status, out, error } = planned(state, '--out', folder);
    if (!this.check(status === 0, `${about}: plan exits with ${status}: ${error}`)) return;
    this.facts.plans.push({ about, stages: stagesIn(out).length, ...this.folders(folder, about) });
    const steps = stagesIn(planned(this.snapshot(about)).out).flatMap((stage) => stage.steps);
    const left = steps.flatMap(({ fields }) => fields).filter(({ field }) => field !== WAVE);
    this.check(left.length === 0, `${about}: after the last folder there is something left to do: ${JSON.stringify(left)}`);
    this.folders(join(folder, 'rollback'), `${about}, back`);
    this.same(this.judged(this.snapshot(`${about}, back`)), this.judged(state), `${about}, back`);
  }

  /** Makes all numbered folders, in their order. */
  private folders(folder: string, about: string): { readonly applied: number; readonly deleted: number } {
    const made = { apply: 0, delete: 0 };
    for (const number of readdirSync(folder).filter((name) => /^\d+$/.test(name)).sort()) {
      for (const verb of ['apply', 'delete'] as const) {
        const file = join(folder, number, `${verb}.yaml`);
        if (existsSync(file)) made[verb] += this.made(verb, file, `${about}, folder ${number}`);
      }
    }
    return { applied: made.apply, deleted: made.delete };
  }

  /** How many objects of a file were applied or deleted: all, or the run fails. */
  private made(verb: 'apply' | 'delete', file: string, about: string): number {
    const objects = loadAll(readFileSync(file, 'utf8')).filter(Boolean);
    const { status, objects: done, error } = this.kubectl.run(verb, file);
    this.check(status === 0 && done.length === objects.length, `${about}: kubectl ${verb} of ${objects.length} objects: ${done.length} done, exit ${status}: ${error}`);
    return done.length;
  }

  private snapshot(about: string): string {
    const { status, out, error } = this.kubectl.istioMtls(['snapshot']);
    this.check(status === 0, `${about}: istio-mtls snapshot exits with ${status}: ${error}`);
    return out;
  }

  /** What is made of manifests, but for where they are written. */
  private judged(manifests: string): Judged {
    const [found, listed] = ['check', 'connections'].map((verb) => this.kubectl.istioMtls([verb, '--output', 'json', '-'], manifests));
    const { findings } = JSON.parse(found.out) as { readonly findings: readonly Record<string, unknown>[] };
    const connections = JSON.parse(listed.out) as readonly ToService[];
    return {
      findings: findings.map(({ code, severity, object, field }) => JSON.stringify({ code, severity, object, field })).sort(),
      // The API server has a Service of its own, and writes how many pods a StatefulSet has that doesn't say it: so its pods call each other no more.
      connections: connections.filter(({ service, client, server }) => service.host !== 'kubernetes.default.svc.cluster.local' && !isSame(client, server)).map((one) => JSON.stringify(one)).sort(),
    };
  }

  private same(one: Judged, other: Judged, about: string): void {
    this.facts.snapshots += 1;
    for (const kind of ['findings', 'connections'] as const) {
      const unlike = [one[kind].find((text) => !other[kind].includes(text)), other[kind].find((text) => !one[kind].includes(text))];
      this.check(isDeepStrictEqual(one[kind], other[kind]), `${about}: a snapshot has other ${kind}: ${unlike[0]} where there should be ${unlike[1]}`);
    }
  }

  private written(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  private check(holds: boolean, problem: string): boolean {
    this[holds ? 'passed' : 'failed'] += 1;
    if (!holds) this.print(`plans: ${problem}`);
    return holds;
  }
}

interface Judged {
  readonly findings: readonly string[];
  readonly connections: readonly string[];
}

interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

interface ToService {
  readonly client: Named;
  readonly server: Named | null;
  readonly service: { readonly host: string };
}

function isSame({ kind, namespace, name }: Named, other: Named | null): boolean {
  return other?.kind === kind && other.namespace === namespace && other.name === name;
}

/** A plan that is to be made. */
interface Planned {
  readonly about: string;
  readonly args: readonly string[];
  /** A manifest that the cluster is to come to; without, the arguments say what. */
  readonly after?: object;
}

/** What the folders add, and no state has. */
const WAVE = 'metadata.annotations[argocd.argoproj.io/sync-wave]';

interface PrintedStage {
  readonly steps: readonly { readonly fields: readonly { readonly field: string }[] }[];
}

/** The stages in what `istio-mtls plan -o json` prints, of `plan to-strict`, too. */
function stagesIn(out: string): readonly PrintedStage[] {
  const printed = JSON.parse(out) as { readonly plan?: { readonly stages: readonly PrintedStage[] }; readonly stages?: readonly PrintedStage[] };
  return (printed.plan ?? printed).stages ?? [];
}

function policy(mode: string): object {
  return { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { namespace: 'boutique', name: 'default' }, spec: { mtls: { mode } } };
}
