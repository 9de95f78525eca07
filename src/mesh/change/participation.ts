import { Call } from '../connections/call';
import { Decision } from '../connections/decisions';
import { Hop, Path } from '../connections/path';
import { Sender } from '../connections/sender';
import { Mesh } from '../mesh';
import { MeshObject } from '../objects/mesh-object';
import { ObjectName } from '../objects/object-id';
import { Reason } from '../reasons/reason';
import { arrivalReasons, departureReasons } from '../reasons/reasons';
import { Service } from '../services/service';

/** In which ways some objects of a mesh take part: as what is called, as servers, or by deciding. */
export class Participation {
  private readonly names: ReadonlySet<string>;
  private readonly known = new Map<Decision, ReadonlySet<Path>>();

  constructor(private readonly mesh: Mesh, private readonly isOwn: (source: object) => boolean) {
    this.names = new Set([...mesh.objects.all()].filter(({ source }) => isOwn(source)).map(nameKey));
  }

  /** Whether they do for every client of a decision alike. */
  in(decision: Decision, path: Path): boolean {
    let paths = this.known.get(decision);
    if (!paths) this.known.set(decision, paths = new Set(this.pathsOf(decision)));
    return paths.has(path);
  }

  /** Whether they decide how the calls of a class leave their clients, if anything does. */
  decidesDeparture({ plane, scope }: Sender): boolean {
    return [scope?.resource?.object, plane?.config.object].some((object) => this.has(object));
  }

  /** Whether they keep the clients of a class from what is called. */
  inDeparture(one: Sender, call: Call, path: Path): boolean {
    const [first] = path.hops;
    return first.travel !== 'direct' && this.decidesDeparture(one) && this.areAmong(departureReasons(first, one.one, one, call));
  }

  private pathsOf(decision: Decision): readonly Path[] {
    const { call, paths } = decision;
    if (call.services.some((service) => this.isCalled(service))) return paths;
    return paths.filter((path) => path.hops.some((hop) => this.isReached(hop)) || this.areAmong(arrivalReasons(path, call)));
  }

  private isReached({ target, endpoint }: Hop): boolean {
    const { workload, machine } = endpoint ?? {};
    return [target.service?.object, workload?.object, workload?.podSource.object, machine?.entry?.object].some((object) => this.has(object));
  }

  private isCalled(service: Service): boolean {
    return this.has(service.object) || this.has(this.mesh.registry.aliases.serviceBehind(service).object);
  }

  private has(object: MeshObject | undefined): boolean {
    return object !== undefined && this.isOwn(object.source);
  }

  private areAmong(reasons: readonly Reason[]): boolean {
    return reasons.some(({ at }) => this.names.has(nameKey(at.object)));
  }
}

function nameKey({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace}/${name}`;
}
