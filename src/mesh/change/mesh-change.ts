import { ClientPart, ClientParts } from './client-parts';
import { Participation } from './participation';
import { Call } from '../connections/call';
import { ClientClass } from '../connections/client-class';
import { Connection } from '../connections/connection';
import { DecidedLeg, Decision } from '../connections/decisions';
import { Leg, resultKey } from '../connections/leg';
import { ConnectionFilter } from '../connections/listing';
import { Mesh, MeshOptions } from '../mesh';
import { summarize, Summary } from '../summary';
import { Workload } from '../workloads/workload';

/**
 * What manifests make of a mesh that is there already. Of its connections, those count that they take part in, as a
 * client, a service, a server or what decides, and those that come to something else than before.
 */
export class MeshChange {
  readonly before: Mesh;
  readonly after: Mesh;

  private readonly own: ReadonlySet<object>;
  private readonly participation: Participation;
  private readonly parts: ClientParts;
  private readonly formerCalls: ReadonlyMap<string, Call>;
  private readonly formerKeys = new Map<Decision, ReadonlySet<string>>();
  private readonly changed = new Map<Leg, boolean>();
  /** The classes of which the decision alone doesn't tell whether they are concerned. */
  private readonly single: readonly ClientClass[];

  /**
   * @param manifests plain objects that are applied
   * @param existing plain objects that are there before
   */
  constructor(manifests: readonly object[], existing: readonly object[], options: MeshOptions) {
    this.own = new Set(manifests);
    this.before = Mesh.of(existing, options);
    this.after = Mesh.of(manifests, { ...options, existing });
    const isOwn = (source: object): boolean => this.isOwn(source);
    this.participation = new Participation(this.after, isOwn);
    this.parts = new ClientParts(this.before, this.after, isOwn);
    this.formerCalls = new Map(this.before.decisions.calls.map((call) => [callKey(call), call]));
    const classes = new Set(this.after.workloads.map((client) => this.after.decisions.classOf(client)));
    this.single = [...classes].filter((one) => this.participation.decidesDeparture(one) || this.parts.ofClass(one).some(({ before }) => !before));
  }

  /** Whether an object is one of those that are applied. */
  isOwn(source: object | undefined): boolean {
    return source !== undefined && this.own.has(source);
  }

  /** The connections that count and are wanted, one by one. */
  connections(filter: ConnectionFilter = {}): Generator<Connection> {
    return this.after.connections({ ...filter, way: (client, decided) => this.concerns(this.parts.of(client), decided) });
  }

  /** Counts of the connections that count, by outcome. */
  summary(): Summary {
    return summarize(this.after.decisions, (decision, leg) => this.count(decision, leg));
  }

  private count(decision: Decision, leg: Leg): number {
    const { decisions } = this.after;
    if (this.participation.in(decision, leg)) return decisions.count(decision, leg);
    const { classes } = decision;
    // Most ways are what they were for whoever goes them: then few classes are left to ask about.
    const candidates = this.isChanged(decision.call, leg) ? classes : this.single.filter((one) => classes.has(one));
    let clients = 0;
    for (const one of candidates) {
      for (const part of this.parts.ofClass(one)) if (this.concerns(part, { decision, leg })) clients += part.clients;
    }
    const isIn = (client: Workload): boolean => classes.has(decisions.classOf(client)) && this.concerns(this.parts.of(client), { decision, leg });
    return decisions.countAmong(leg, clients, isIn);
  }

  private concerns({ one, before }: ClientPart, { decision, leg }: DecidedLeg): boolean {
    const { call } = decision;
    return before === undefined
      || this.participation.in(decision, leg)
      || (this.isChanged(call, leg) && this.isChangedFor(before, call, leg))
      || this.participation.inDeparture(one, call, leg);
  }

  /** Whether a way is none that the call took before, for some of its clients. */
  private isChanged(call: Call, leg: Leg): boolean {
    let changed = this.changed.get(leg);
    if (changed === undefined) {
      const [key, former] = [resultKey(leg), this.formerDecisions(call)];
      this.changed.set(leg, changed = former.length === 0 || former.some((decision) => !this.keysOf(decision).has(key)));
    }
    return changed;
  }

  private isChangedFor(before: ClientClass, call: Call, leg: Leg): boolean {
    const former = this.formerDecisions(call).find(({ classes }) => classes.has(before));
    return former === undefined || !this.keysOf(former).has(resultKey(leg));
  }

  private formerDecisions(call: Call): readonly Decision[] {
    const former = this.formerCalls.get(callKey(call));
    return former ? this.before.decisions.of(former) : [];
  }

  private keysOf(decision: Decision): ReadonlySet<string> {
    let keys = this.formerKeys.get(decision);
    if (!keys) this.formerKeys.set(decision, keys = new Set(decision.legs.map(resultKey)));
    return keys;
  }
}

function callKey({ host, port }: Call): string {
  return `${host}:${port}`;
}
