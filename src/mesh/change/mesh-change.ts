import { Impact } from './impact';
import { MissingInjection } from '../../findings/condition';
import { Connection, ConnectionFilter, countUndecided, summarize, Summary } from '../calls/connections';
import { Counting, DecidedPath } from '../calls/decisions';
import { MissingFact, missingFacts } from '../calls/missing-facts';
import { TracedConnection } from '../calls/traced-connection';
import { MeshMode } from '../config/control-plane-facts';
import { JudgedMesh, Mesh, MeshOptions } from '../mesh';
import { InjectionFacts } from '../workloads/injection-facts';
import { Workload } from '../workloads/workload';

/**
 * A change of an existing mesh by manifests. A connection counts if one of the manifests
 * is its client, service or server or decides it, or if its outcome changes.
 */
export class MeshChange implements JudgedMesh {
  /**
   * @param manifests plain objects to apply
   * @param existing plain objects that existed before
   */
  static of(manifests: readonly object[], existing: readonly object[], options: MeshOptions): MeshChange {
    const before = Mesh.of(existing, options);
    return new MeshChange(new Set(manifests), Mesh.of(manifests, { ...options, existing }), () => before);
  }

  private readonly impact: Impact;
  private known?: Mesh;

  /** @param makeBefore builds the mesh before on demand: a change that decides undecided connections may not need it */
  private constructor(private readonly own: ReadonlySet<object>, readonly after: Mesh, private readonly makeBefore: () => Mesh) {
    this.impact = new Impact(after, () => this.before, (source) => this.isOwn(source));
  }

  get before(): Mesh {
    return this.known ??= this.makeBefore();
  }

  get counting(): Counting {
    return this.impact;
  }

  get options(): MeshOptions {
    return this.after.options;
  }

  /** Includes revisions that only the mesh before names: otherwise its proxies would become unknown as soon as revisions are given. */
  get revisions(): ReadonlySet<string> {
    return new Set([...this.before.revisions, ...this.after.revisions]);
  }

  /** Whether an object is one of the applied manifests. */
  isOwn(source: object | undefined): boolean {
    return source !== undefined && this.own.has(source);
  }

  /** Whether a client's path after the change counts. */
  holds(client: Workload, decided: DecidedPath): boolean {
    return this.impact.holds(client, decided);
  }

  given(facts: InjectionFacts): MeshChange {
    return new MeshChange(this.own, this.after.given(facts), () => this.before.given(facts));
  }

  inMode(mode: MeshMode): MeshChange {
    return new MeshChange(this.own, this.after.inMode(mode), () => this.before.inMode(mode));
  }

  connections(filter: ConnectionFilter = {}): Generator<Connection> {
    return this.after.connections(this.concerned(filter));
  }

  tracedConnections(filter: ConnectionFilter = {}): Generator<TracedConnection> {
    return this.after.tracedConnections(this.concerned(filter));
  }

  missingFacts(): readonly MissingFact[] {
    return missingFacts(this.after.decisions, this.after.planes, this.impact);
  }

  missingInjection(): readonly MissingInjection[] {
    return this.after.missingInjection();
  }

  summary(): Summary {
    return summarize(this.after.decisions.all(), this.counting);
  }

  undecided(): number {
    return countUndecided(this.after.decisions, this.impact);
  }

  private concerned(filter: ConnectionFilter): ConnectionFilter {
    return { ...filter, path: (client, decided) => (filter.path?.(client, decided) ?? true) && this.holds(client, decided) };
  }
}
