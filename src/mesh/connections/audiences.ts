import { ControlPlane } from '../control-plane';
import { Apart } from './apart';
import { alone, Audience, together } from './audience';
import { Call } from './call';
import { ClassSet } from './class-set';
import { ClientClass, hasOwnInterception } from './client-class';
import { ImportingClasses } from './importing-classes';
import { grouped } from '../grouped';
import { Registry } from '../services/registry';

/**
 * Splits the clients of a call: those in a namespace that has anything of its own to say about the call's
 * hosts, and all the others together. So a mesh of thousands of services is decided without trying each
 * client with each of them.
 */
export class Audiences {
  private readonly always: readonly Audience[];
  private readonly importing: ImportingClasses;
  private readonly plain: readonly Plain[];
  private readonly apart: Apart;

  constructor(classes: readonly ClientClass[], registry: Registry) {
    this.always = classes.filter((one) => one.scope === undefined || hasOwnInterception(one)).map(alone);
    const sidecars = classes.filter((one) => one.scope !== undefined && !hasOwnInterception(one));
    this.importing = new ImportingClasses(sidecars.filter(({ scope }) => scope!.resource !== undefined), registry);
    const plain = sidecars.filter(({ scope }) => scope!.resource === undefined);
    const planes = [...grouped(plain, (one) => one.plane!).values()];
    this.plain = planes.flatMap((ofPlane) => [...grouped(ofPlane, ({ traits }) => traits).values()].map(plainOf));
    this.apart = new Apart(registry);
  }

  of(call: Call): readonly Audience[] {
    const audiences = [...this.always, ...this.importing.of(call)];
    const known = new Map<ControlPlane, ReadonlySet<string> | undefined>();
    for (const plain of this.plain) {
      if (!known.has(plain.plane)) known.set(plain.plane, this.apart.namespaces(call, plain.plane));
      const namespaces = known.get(plain.plane);
      const special = new Set<ClientClass>(namespaces ? [] : plain.all);
      for (const namespace of namespaces ?? []) for (const one of plain.byNamespace.get(namespace) ?? []) special.add(one);
      for (const one of special) audiences.push(plain.alone.get(one)!);
      audiences.push(...together(plain.all.without(special)));
    }
    return audiences;
  }
}

/** Clients of one istiod and with the same traits, without a Sidecar resource: they see whatever is exported to them. */
interface Plain {
  readonly plane: ControlPlane;
  readonly all: ClassSet;
  readonly alone: ReadonlyMap<ClientClass, Audience>;
  readonly byNamespace: ReadonlyMap<string, readonly ClientClass[]>;
}

function plainOf(classes: readonly ClientClass[]): Plain {
  const byNamespace = grouped(classes, ({ namespace }) => namespace);
  return { plane: classes[0].plane!, all: ClassSet.of(classes), alone: new Map(classes.map((one) => [one, alone(one)])), byNamespace };
}
