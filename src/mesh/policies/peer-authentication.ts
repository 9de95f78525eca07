import { FieldPath } from '../../findings/finding';
import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { integer, labelsOf, Mapping, mapping } from '../../manifests/mapping';
import { addTo, oncePerObject } from '../collections';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { Labels, isEmpty, SelectorIndex } from '../names/labels';

/** The mode that a server's proxy enforces on a port. */
export type ServerMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE' | 'NO_PROXY' | 'UNKNOWN';

/** The level that a mode comes from, the widest first; `default` if no policy sets one. */
export type PolicyLevel = 'default' | 'mesh' | 'namespace' | 'workload' | 'port';

/** The mode that policies set for one port, and the policy that decides. */
export interface EnforcedMode {
  readonly mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE';
  readonly level: PolicyLevel;
  /** The field of the deciding PeerAuthentication; undefined if none sets a mode. */
  readonly by?: FieldRef;
}

/** The mode if no policy sets one. */
export const BY_DEFAULT: EnforcedMode = Object.freeze({ mode: 'PERMISSIVE', level: 'default' });

/** The mode on a workload's port. The most specific policy that sets one decides: port, then workload, then namespace, then mesh. */
export function enforcedMode(policies: PeerPolicies, server: { namespace: string; labels: Labels }, port: number): EnforcedMode {
  const namespace = narrowed(policies.modeOfMesh, 'namespace', policies.ofNamespace(server.namespace).winner);
  const policy = policies.ofWorkload(server).winner;
  const workload = narrowed(namespace, 'workload', policy);
  const exception = policy?.ports.get(port);
  return exception === undefined || exception === 'UNSET' ? workload : { mode: exception, level: 'port', by: policy!.portFields.get(port) };
}

function narrowed(wider: EnforcedMode, level: PolicyLevel, policy: PeerPolicy | undefined): EnforcedMode {
  return policy === undefined || policy.mode === 'UNSET' ? wider : { mode: policy.mode, level, by: policy.at };
}

/** A mode that a PeerAuthentication can set; UNSET inherits. */
export type PolicyMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** A PeerAuthentication. */
export interface PeerPolicy {
  readonly object: MeshObject;
  readonly mode: PolicyMode;
  /** The field of its mode, whether or not it is set. */
  readonly at: FieldRef;
  /** The labels that it selects; undefined for the whole namespace, which an empty selector also means. */
  readonly selector?: Labels;
  /** Whether it has an empty selector. */
  readonly hasEmptySelector: boolean;
  /** Modes by the **workload's** port, not the Service's. */
  readonly ports: ReadonlyMap<number, PolicyMode>;
  /** The fields of these modes. */
  readonly portFields: ReadonlyMap<number, FieldRef>;
}

const MODE: FieldPath = ['spec', 'mtls', 'mode'];

export const readPeerPolicy = oncePerObject((object: MeshObject): PeerPolicy => {
  const { selector, mtls, portLevelMtls } = object.spec;
  const matchLabels = labelsOf(mapping(selector).matchLabels);
  const { ports, portFields } = portLevelMtls === undefined ? NO_PORTS : readPorts(mapping(portLevelMtls), object);
  return {
    object,
    mode: readMode(mtls),
    at: { object, field: MODE },
    selector: isEmpty(matchLabels) ? undefined : matchLabels,
    hasEmptySelector: selector !== undefined && isEmpty(matchLabels),
    ports,
    portFields,
  };
});

const NO_PORTS: Pick<PeerPolicy, 'ports' | 'portFields'> = { ports: new Map(), portFields: new Map() };

function readPorts(settings: Mapping, object: MeshObject): Pick<PeerPolicy, 'ports' | 'portFields'> {
  const [ports, portFields] = [new Map<number, PolicyMode>(), new Map<number, FieldRef>()];
  for (const key of Object.keys(settings)) {
    const port = integer(key) ?? NaN;
    ports.set(port, readMode(settings[key]));
    portFields.set(port, { object, field: ['spec', 'portLevelMtls', key, 'mode'] });
  }
  return { ports, portFields };
}

const SELECTOR: FieldPath = ['spec', 'selector', 'matchLabels'];

/** The field of a policy's selector. */
export function selectorAt({ object }: PeerPolicy): FieldRef {
  return { object, field: SELECTOR };
}

function readMode(mtls: unknown): PolicyMode {
  const { mode } = mapping(mtls);
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : 'UNSET';
}

/** Several policies with the same scope, in istiod's order: the one that applies, and those that it overrides. */
export interface Precedence {
  readonly winner?: PeerPolicy;
  readonly losers: readonly PeerPolicy[];
}

/** The policies with a selector in a namespace, cached by labels; workloads of several namespaces may share one labels object. */
interface Selecting {
  readonly index: SelectorIndex<PeerPolicy>;
  readonly precedences: Map<object, Precedence>;
}

/** The maximum number of overridden policies at workloads: a base, and more for each policy. */
const [ALWAYS, FOR_EACH_POLICY] = [50_000, 30];

const NOBODY: Precedence = Object.freeze({ losers: [] });

/** The PeerAuthentications of a mesh. Of two with the same scope, only the first applies. */
export class PeerPolicies {
  /** The policy of the whole mesh: one without selector in the root namespace. */
  readonly mesh: Precedence;
  /** Policies with a selector in the root namespace: istiod never applies them. */
  readonly ignored: readonly PeerPolicy[];

  private readonly byNamespace: ReadonlyMap<string, Precedence>;
  private losers = 0;
  private readonly bySelector = new Map<string, Selecting>();

  /** @param all in istiod's order of preference */
  constructor(readonly all: readonly PeerPolicy[], private readonly rootNamespace: string) {
    const ignored: PeerPolicy[] = [];
    const wide = new Map<string, PeerPolicy[]>();
    for (const policy of all) {
      const { namespace } = policy.object;
      if (!policy.selector) addTo(wide, namespace, policy);
      else if (namespace === rootNamespace) ignored.push(policy);
      else this.select(namespace, policy.selector, policy);
    }
    this.byNamespace = new Map([...wide].map(([namespace, policies]) => [namespace, precedenceOf(policies)]));
    this.mesh = this.byNamespace.get(rootNamespace) ?? NOBODY;
    this.ignored = ignored;
  }

  /** The mode for namespaces without a policy. */
  get modeOfMesh(): EnforcedMode {
    return narrowed(BY_DEFAULT, 'mesh', this.mesh.winner);
  }

  /** The precedences for whole namespaces, including the mesh's. */
  get wide(): readonly Precedence[] {
    return [...this.byNamespace.values()];
  }

  /** The policy of a whole namespace; for the root namespace, that of the mesh. */
  ofNamespace(namespace: string): Precedence {
    return namespace === this.rootNamespace ? NOBODY : this.byNamespace.get(namespace) ?? NOBODY;
  }

  /**
   * The policies that select a workload; its labels are the cache key.
   *
   * @throws LimitError if too many policies select the same workloads
   */
  ofWorkload({ namespace, labels }: { namespace: string; labels: Labels }): Precedence {
    const selecting = this.bySelector.get(namespace);
    if (!selecting) return NOBODY;
    const known = selecting.precedences.get(labels);
    if (known) return known;
    const precedence = precedenceOf(selecting.index.matching(labels));
    selecting.precedences.set(labels, precedence);
    this.losers += precedence.losers.length;
    if (this.losers > ALWAYS + FOR_EACH_POLICY * this.all.length) throw tooManyLosers(precedence.winner!);
    return precedence;
  }

  /** The field that turns off clients' auto mTLS for a namespace: the mode of its own policy or the mesh's, never of a workload's. */
  disabling(namespace: string): FieldRef | undefined {
    const own = this.ofNamespace(namespace).winner;
    const policy = own && own.mode !== 'UNSET' ? own : this.mesh.winner;
    return policy?.mode === 'DISABLE' ? policy.at : undefined;
  }

  private select(namespace: string, selector: Labels, policy: PeerPolicy): void {
    let selecting = this.bySelector.get(namespace);
    if (!selecting) this.bySelector.set(namespace, selecting = { index: new SelectorIndex(), precedences: new Map() });
    selecting.index.add(selector, policy);
  }
}

function precedenceOf([winner, ...losers]: readonly PeerPolicy[]): Precedence {
  return winner ? { winner, losers } : NOBODY;
}

function tooManyLosers({ object: { namespace, name }, selector }: PeerPolicy): Error {
  return limitError({
    kind: 'PeerAuthentication',
    name: `${namespace}/${name}`,
    field: 'spec.selector.matchLabels',
    actual: `${shown(selector)}, whose workloads too many other policies select`,
    expected: 'one policy per workload',
    because: 'istiod applies only one of the policies that select a workload, and each of the others is compared with it',
    fix: 'remove the policies that have no effect',
  });
}
