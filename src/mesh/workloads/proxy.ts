import { ProxyDecision, ProxyKind } from './injection';
import { Interception } from './interception';
import { FieldRef } from '../inventory/field-ref';

/** `unknown`: the proxy, or its kind, isn't modelled, or manifests don't decide it. */
type Answer = boolean | 'unknown';

/**
 * The policies that a server's proxy enforces. A gateway enforces AuthorizationPolicies and
 * no PeerAuthentication, so none includes the other.
 */
type ServerPolicy = 'PeerAuthentication' | 'AuthorizationPolicy';

interface Abilities {
  readonly encrypts: Answer;
  readonly enforces: Readonly<Record<ServerPolicy, Answer>>;
  readonly forwards: Answer;
  readonly readsHttp: Answer;
  readonly isAmbient?: true;
}

const NOTHING: Abilities = {
  encrypts: false, enforces: { PeerAuthentication: false, AuthorizationPolicy: false }, forwards: false, readsHttp: false,
};
const NOT_MODELLED: Abilities = {
  encrypts: 'unknown',
  enforces: { PeerAuthentication: 'unknown', AuthorizationPolicy: 'unknown' },
  forwards: 'unknown',
  readsHttp: 'unknown',
};

const ABILITIES: Readonly<Record<ProxyKind, Abilities>> = {
  none: NOTHING,
  sidecar: { encrypts: true, enforces: { PeerAuthentication: true, AuthorizationPolicy: true }, forwards: false, readsHttp: true },
  custom: NOT_MODELLED,
  router: { encrypts: 'unknown', enforces: { PeerAuthentication: false, AuthorizationPolicy: true }, forwards: true, readsHttp: true },
  waypoint: { ...NOT_MODELLED, forwards: true, readsHttp: true, isAmbient: true },
  ztunnel: { ...NOT_MODELLED, forwards: false, readsHttp: false, isAmbient: true },
  grpc: { ...NOT_MODELLED, forwards: false },
  unknown: NOT_MODELLED,
};

/** What is in front of a workload's application, and what that does: other code asks what it does, not of which kind it is. */
export class Proxy implements ProxyDecision {
  readonly kind: ProxyKind;
  readonly by: FieldRef;
  readonly because: string;
  readonly revision: string;
  readonly asked: ProxyDecision['asked'];
  readonly lacks: ProxyDecision['lacks'];
  readonly isPresumed: boolean;
  private readonly abilities: Abilities;

  /** @param interception which traffic iptables redirect to it, if it is a sidecar */
  constructor(
    { kind, by, because, revision, asked, lacks, isPresumed = false }: ProxyDecision, private readonly interception: Interception,
  ) {
    this.kind = kind;
    this.by = by;
    this.because = because;
    this.revision = revision;
    this.asked = asked;
    this.lacks = lacks;
    this.isPresumed = isPresumed;
    this.abilities = ABILITIES[kind];
  }

  /** Whether it has a certificate of the mesh, with which it sends and accepts mutual TLS: false only without a proxy. */
  get encrypts(): Answer {
    return this.abilities.encrypts;
  }

  /** Whether policies of this kind apply to what it receives. */
  enforces(kind: ServerPolicy): Answer {
    return this.abilities.enforces[kind];
  }

  /** Whether it receives calls to other workloads, as gateways do. */
  get forwards(): Answer {
    return this.abilities.forwards;
  }

  /** Whether it reads requests of HTTP, and so can apply what policies say of them. */
  get readsHttp(): Answer {
    return this.abilities.readsHttp;
  }

  /** Whether the workload is in ambient mode, or serves those that are. */
  get isAmbient(): boolean {
    return this.abilities.isAmbient ?? false;
  }

  /** Whether calls from the workload to this port, or to this port of it, go through it; unknown if that depends on more than the port. */
  intercepts(direction: 'in' | 'out', port: number): Answer {
    const { abilities: { encrypts }, interception } = this;
    if (encrypts !== true) return encrypts;
    const obstacle = direction === 'in' ? interception.whyNotInbound(port) : interception.whyNotOutbound(port);
    if (obstacle) return false;
    const depends = interception.redirection === 'NONE' || (direction === 'out' && interception.byAddress(port) !== undefined);
    return depends ? 'unknown' : true;
  }

  /** Whether another proxy is of the same kind. */
  isLike({ kind }: ProxyDecision): boolean {
    return this.kind === kind;
  }
}
