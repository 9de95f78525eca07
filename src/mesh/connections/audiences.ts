import { ControlPlane } from '../control-plane';
import { Apart } from './apart';
import { alone, Audience, together } from './audience';
import { Call } from './call';
import { ImportingSenders, sidecarKey } from './importing-senders';
import { Sender, SidecarSender } from './sender';
import { SenderSet } from './sender-set';
import { hasOwnInterception } from '../dataplane/sidecar';
import { grouped } from '../grouped';
import { Registry } from '../services/registry';

/**
 * Splits the clients of a call: those in a namespace that has anything of its own to say about the call's
 * hosts, and all the others together. So a mesh of thousands of services is decided without trying each
 * client with each of them.
 */
export class Audiences {
  private readonly always: readonly Audience[];
  private readonly importing: readonly ImportingSenders[];
  private readonly plain: readonly Plain[];
  private readonly apart: Apart;

  constructor(senders: readonly Sender[], registry: Registry) {
    const isOrdinary = (one: Sender): one is SidecarSender => one.scope !== undefined && !hasOwnInterception(one);
    const sidecars = senders.filter(isOrdinary);
    this.always = senders.filter((one) => !isOrdinary(one)).map(alone);
    this.apart = new Apart(registry);
    const planes = [...grouped(sidecars, ({ plane }) => plane)];
    this.importing = planes.map(([plane, all]) => new ImportingSenders(plane, all.filter(({ scope }) => !scope.importsAll), registry, this.apart));
    this.plain = planes.flatMap(([, all]) => [...grouped(all.filter(({ scope }) => scope.importsAll), sidecarKey).values()].map(plainOf));
  }

  of(call: Call): readonly Audience[] {
    const known = new Map<ControlPlane, ReadonlySet<string> | undefined>();
    const apartIn = (plane: ControlPlane): ReadonlySet<string> | undefined => {
      if (!known.has(plane)) known.set(plane, this.apart.namespaces(call, plane));
      return known.get(plane);
    };
    const audiences = [...this.always, ...this.importing.flatMap((one) => one.of(call, () => apartIn(one.plane)))];
    for (const plain of this.plain) {
      const namespaces = apartIn(plain.plane);
      const special = new Set<Sender>(namespaces ? [] : plain.all);
      for (const namespace of namespaces ?? []) for (const one of plain.byNamespace.get(namespace) ?? []) special.add(one);
      for (const one of special) audiences.push(plain.alone.get(one)!);
      audiences.push(...together(plain.all.without(special)));
    }
    return audiences;
  }
}

/** Clients of one istiod and with the same traits, whose Sidecar resource, if there is one, leaves nothing out: they see whatever is exported to them. */
interface Plain {
  readonly plane: ControlPlane;
  readonly all: SenderSet;
  readonly alone: ReadonlyMap<Sender, Audience>;
  readonly byNamespace: ReadonlyMap<string, readonly Sender[]>;
}

function plainOf(senders: readonly SidecarSender[]): Plain {
  const byNamespace = grouped(senders, ({ namespace }) => namespace);
  return { plane: senders[0].plane, all: SenderSet.of(senders), alone: new Map(senders.map((one) => [one, alone(one)])), byNamespace };
}
