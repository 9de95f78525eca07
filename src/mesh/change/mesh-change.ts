import { Impact } from './impact';
import { Connection, ConnectionFilter, countUndecided, summarize, Summary } from '../calls/connections';
import { Counting } from '../calls/decisions';
import { MissingFact, missingFacts } from '../calls/missing-facts';
import { TracedConnection } from '../calls/traced-connection';
import { JudgedMesh, Mesh, MeshOptions } from '../mesh';
import { InjectionFacts } from '../workloads/injection-facts';
import { MissingInjection } from '../workloads/missing-injection';

/**
 * What manifests change in an existing mesh. The connections that count are those that they take part in, as a client, a
 * service, a server or what decides, and those with another outcome than before.
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

  /** @param makeBefore called on demand: for a change that decides what was undecided, it may not be needed */
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

  /** Also those that only the previous mesh names: otherwise its proxies would become unknown once revisions are given. */
  get revisions(): ReadonlySet<string> {
    return new Set([...this.before.revisions, ...this.after.revisions]);
  }

  /** Whether an object is one of those applied. */
  isOwn(source: object | undefined): boolean {
    return source !== undefined && this.own.has(source);
  }

  given(facts: InjectionFacts): MeshChange {
    return new MeshChange(this.own, this.after.given(facts), () => this.before.given(facts));
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
    return summarize(this.after.decisions, this.counting);
  }

  undecided(): number {
    return countUndecided(this.after.decisions, this.impact);
  }

  private concerned(filter: ConnectionFilter): ConnectionFilter {
    return { ...filter, path: (client, decided) => (filter.path?.(client, decided) ?? true) && this.impact.holds(client, decided) };
  }
}
