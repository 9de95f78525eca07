import { destinationsIn } from './undecided-path';
import { text } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { GATEWAY_API_ROUTES } from '../routes/gateway-api';
import { createdServices, mayCreate } from '../services/service-creators';

/** The versions of an object before and after a change. */
interface Versions {
  readonly before?: MeshObject;
  readonly after?: MeshObject;
}

/** The Services that routes and ExternalNames of some states lead to: whether one that no manifest has exists may decide their calls. */
export class NamedServices {
  private found?: ReadonlySet<string>;

  constructor(private readonly states: readonly Inventory[]) {}

  /** Whether a change decides if one of them is created. */
  readonly areOf = ({ before, after }: Versions): boolean => {
    if (createdServices(before) === createdServices(after)) return false;
    this.found ??= new Set(this.states.flatMap(hostsNamedIn));
    return [before, after].some((version) => version !== undefined && [...this.found!].some(mayCreate(version)));
  };
}

const ROUTES = ['VirtualService', ...GATEWAY_API_ROUTES] as const;

function hostsNamedIn(objects: Inventory): readonly string[] {
  const routed = ROUTES.flatMap((kind) => objects.of(KIND[kind])).flatMap((object) => destinationsIn(object.spec, object));
  return [...routed, ...objects.of(KIND.Service).flatMap(({ spec }) => text(spec.externalName) ?? [])];
}
