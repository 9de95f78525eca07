import { ControlPlane } from '../control-plane';
import { Apart } from './apart';
import { alone, Audience } from './audience';
import { Call } from './call';
import { ClientClass, hasOwnInterception } from './client-class';
import { ImportingClasses } from './importing-classes';
import { Registry } from '../services/registry';

/**
 * Splits the clients of a call: those in a namespace that has anything of its own to say about the call's
 * hosts, and all the others together. So a mesh of thousands of services is decided without trying each
 * client with each of them.
 */
export class Audiences {
  private readonly always: readonly Audience[];
  private readonly importing: ImportingClasses;
  private readonly plainByPlane = new Map<ControlPlane, Plain>();
  private readonly apart: Apart;

  constructor(classes: readonly ClientClass[], registry: Registry) {
    this.always = classes.filter((one) => one.scope === undefined || hasOwnInterception(one)).map(alone);
    const sidecars = classes.filter((one) => one.scope !== undefined && !hasOwnInterception(one));
    this.importing = new ImportingClasses(sidecars.filter(({ scope }) => scope!.resource !== undefined), registry);
    for (const one of sidecars.filter(({ scope }) => scope!.resource === undefined)) {
      const plane = one.plane!;
      if (!this.plainByPlane.has(plane)) this.plainByPlane.set(plane, { all: [], byNamespace: new Map() });
      const { all, byNamespace } = this.plainByPlane.get(plane)!;
      all.push(one);
      byNamespace.set(one.namespace, [...byNamespace.get(one.namespace) ?? [], one]);
    }
    this.apart = new Apart(registry);
  }

  of(call: Call): readonly Audience[] {
    const audiences = [...this.always, ...this.importing.of(call)];
    for (const [plane, plain] of this.plainByPlane) {
      const namespaces = this.apart.namespaces(call, plane);
      const special = namespaces ? [...namespaces].flatMap((namespace) => plain.byNamespace.get(namespace) ?? []) : plain.all;
      audiences.push(...special.map(alone));
      const rest = namespaces ? plain.all.filter(({ namespace }) => !namespaces.has(namespace)) : [];
      if (rest.length > 0) audiences.push({ one: rest[0], classes: new Set(rest) });
    }
    return audiences;
  }
}

/** Clients without a Sidecar resource, which see whatever is exported to them. */
interface Plain {
  readonly all: ClientClass[];
  readonly byNamespace: Map<string, readonly ClientClass[]>;
}
