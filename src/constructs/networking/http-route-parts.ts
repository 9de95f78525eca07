import { ApiObjectProps } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ResolvedBackend, Backend } from './backend';
import { CalledService, checkHost, DestinationTarget, hostOf, NamedPorts, qualifiedHost, serviceOf } from './destination-host';
import { checkExportTo } from './export-to';
import { actionSettings, HttpAction } from './http-action';
import { checkBackend, checkMirrors, checkOwners, checkRoutedHost, checkWeights, severalDestinations } from './http-route-checks';
import { HttpRouteMatch, routeMatches } from './http-route-match';
import { RoutedPorts } from './http-route-ports';
import { SubsetOwner } from './subset';
import { audienceFrom, hostWriter, virtualService } from './virtual-service';
import { MeshFacts } from '../../integration/mesh-facts';
import { namespaceOf } from '../namespace';
import { checkMadeBy, checkPortNumbers, Refuse, refusing } from '../refuse';

const KIND = 'VirtualService';
const ROUTED_PORT = 'http.route.destination.port';

/** The properties of a route: its action and its destination. */
interface RouteProps extends HttpAction, DestinationTarget {
  readonly rules?: readonly (HttpAction & { readonly matches: HttpRouteMatch[] })[];
  readonly port?: number;
  readonly gateways?: string[];
  readonly namespace?: string;
  readonly shortHost?: boolean;
  readonly exportTo?: string[];
  readonly name?: string;
}

/** A rule, or the route of all other requests, which has no matches. */
interface Action {
  readonly given: HttpAction & { readonly matches?: HttpRouteMatch[] };
  readonly to: readonly ResolvedBackend[];
  readonly mirrors?: readonly ResolvedBackend[];
}

/** The checked parts of a VirtualService. */
export class HttpRouteParts {
  public readonly refuse: Refuse;
  public readonly host: string;
  public readonly namespace: string;
  public readonly exportTo?: string[];
  /** The Service of the host, if it was given. */
  private readonly service?: CalledService;
  private readonly actions: readonly Action[];
  private readonly isShort: boolean;

  /** Creates the parts for a construct that will be at `path`. */
  public constructor(private readonly scope: IConstruct, private readonly path: string, private readonly props: RouteProps) {
    this.refuse = refusing(KIND, path);
    this.checkPort(props.port);
    this.actions = [...props.rules ?? [], { ...props, matches: undefined }].map((given) => this.actionOf(given));
    const owners = [...new Set(this.actions.flatMap(({ to }) => to.flatMap(({ owner }) => owner ?? [])))];
    checkOwners(owners, this.refuse);
    const only = props.host === undefined && props.service === undefined ? this.onlyOwner(owners) : undefined;
    this.service = only ? only._service : serviceOf(props, 'HttpRoute', this.refuse);
    const named = this.service?.namespace;
    this.host = only?.host ?? this.hostGiven(props.namespace ?? named);
    const own = owners.find((owner) => owner.host === this.host);
    this.namespace = namespaceOf({ scope, path, kind: KIND, asked: props.namespace ?? own?.namespace ?? named });
    checkRoutedHost(this.host, this.refuse);
    for (const { to, mirrors = [] } of this.actions) {
      checkWeights(to, this.refuse);
      checkMirrors(mirrors, this.refuse);
    }
    checkExportTo(props.exportTo, this.namespace, this.refuse);
    this.exportTo = props.exportTo ?? audienceFrom(this.namespace, this.audienceOf(owners));
    this.isShort = props.shortHost ?? (own !== undefined && own._isShort && this.namespace === own.namespace);
  }

  /** The ports that requests are sent to, for each Service. */
  public get ports(): NamedPorts[] {
    const { refuse, host, service } = this;
    const backends = this.actions.flatMap(({ to, mirrors = [] }) => [...to, ...mirrors]);
    return [...backends, ...this.isOwnUsed ? [{ host, service: service?.object, port: this.props.port }] : []].flatMap((backend) => (
      backend.port === undefined ? []
        : { refuse, field: ROUTED_PORT, service: backend.service, host: backend.host, ports: [backend.port] }));
  }

  /** The ports of the Service that the route is for, if sidecars apply it. */
  public get routedPorts(): RoutedPorts | undefined {
    const { refuse, host, service, props: { port, gateways = [] } } = this;
    if (gateways.some((name) => name !== 'mesh')) return undefined;
    const matched = this.actions.flatMap(({ given: { matches = [] } }) => matches.flatMap((match) => match.port ?? []));
    return { refuse, host, service: service?.object, matched, sentTo: this.isOwnUsed ? port : undefined };
  }

  /** Whether requests go to the called Service itself. */
  private get isOwnUsed(): boolean {
    return this.actions.some(({ given, to }) => to.length === 0 && !given.redirect);
  }

  public render(): ApiObjectProps {
    const { host, namespace, isShort, exportTo, props, refuse } = this;
    const written = hostWriter(this.scope, { host, namespace, isShort }, refuse);
    const http = this.actions.map(({ given, to, mirrors }) => ({
      match: given.matches && routeMatches(given.matches, refuse),
      route: given.redirect ? undefined : to.length === 0
        ? [destinationOf({ host, port: props.port }, written)]
        : to.map((backend) => ({ ...destinationOf(backend, written), weight: backend.weight })),
      mirrors: mirrors?.map(({ percentage, ...backend }) => (
        { ...destinationOf(backend, written), percentage: percentage === undefined ? undefined : { value: percentage } })),
      ...actionSettings(given, refuse),
    }));
    return virtualService({ ...props, host: written(host), namespace, exportTo }, http);
  }

  private actionOf(given: Action['given']): Action {
    if (given.to?.length === 0) throw this.nowhere();
    const { to = [], mirrors } = given;
    return { given, to: this.resolved('to', to), mirrors: mirrors && this.resolved('mirrors', mirrors) };
  }

  private resolved(field: string, backends: readonly Backend[]): readonly ResolvedBackend[] {
    const { scope, path, props, refuse } = this;
    const clusterDomain = (): string => MeshFacts.of(scope).read('clusterDomain', { kind: KIND, path });
    return backends.map((value) => {
      checkMadeBy('Backend', { field, value, member: '_resolve' }, refuse);
      const backend = value._resolve(field, clusterDomain, refuse);
      checkBackend(backend, refuse);
      this.checkPort(backend.port);
      return { ...backend, port: backend.port ?? props.port };
    });
  }

  private checkPort(port: number | undefined): void {
    checkPortNumbers(port === undefined ? [] : [port], { field: ROUTED_PORT, entry: 'entry', owner: 'Service' }, this.refuse);
  }

  private hostGiven(namespace: string | undefined): string {
    const { scope, path, props, service } = this;
    const clusterDomain = MeshFacts.of(scope).read('clusterDomain', { kind: KIND, path });
    if (service) return hostOf(service, clusterDomain);
    const host = qualifiedHost(String(props.host), namespaceOf({ scope, path, kind: KIND, asked: namespace }), clusterDomain);
    checkHost(host, this.refuse, props.host);
    return host;
  }

  /** The Destination of all subsets; undefined if there are no subsets. */
  private onlyOwner(owners: readonly SubsetOwner[]): SubsetOwner | undefined {
    if (owners.length < 2) return owners[0];
    const because = 'without a host, the route is for that of its subsets';
    throw severalDestinations(owners, because, "pass 'host', or use HttpRoute.ofService", this.refuse);
  }

  /** The namespaces whose clients see all subsets; undefined for all. */
  private audienceOf(owners: readonly SubsetOwner[]): ReadonlySet<string> | undefined {
    const [first, ...others] = owners.flatMap(({ _audience }) => _audience ?? []);
    if (first === undefined) return undefined;
    const common = [...first].filter((namespace) => others.every((audience) => audience.has(namespace)));
    if (common.length > 0) return new Set(common);
    const because = 'no client sees all of them, by their namespaces and exportTo';
    throw severalDestinations(owners, because, "widen their 'exportTo'", this.refuse);
  }

  private nowhere(): Error {
    return this.refuse({
      code: 'API037',
      field: 'http.route',
      actual: 'empty',
      expected: 'at least one backend',
      because: 'istiod rejects a route without a destination',
      fix: "add a backend to 'to', or omit 'to' for the Service itself",
    });
  }
}

function destinationOf(
  { host, subset, port: number }: Pick<ResolvedBackend, 'host' | 'subset' | 'port'>, written: (host: string) => string,
): { readonly destination: object } {
  return { destination: { host: written(host), subset, port: number === undefined ? undefined : { number } } };
}
