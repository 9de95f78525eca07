import { ApiObject, ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { Destination } from './destination';
import { checkExportTo } from './export-to';
import { servicePorts } from './service-ports';
import { SubsetRouteOptions } from './subset-route-options';
import { virtualServices } from './virtual-services';
import { WeightedSubset } from './weighted-subset';
import * as networking from '../../../imports/networking.istio.io';
import { pathIn } from '../construct-path';
import { checkMadeBy } from '../made-by';
import { checkPortNumbers } from '../port-numbers';
import { Refuse, refusing } from '../refuse';

const KIND = 'VirtualService';
const INT32 = 2 ** 31 - 1;
const PORT_FIELD = 'http.route.destination.port';

/** Properties of SubsetRoute. */
export interface SubsetRouteProps extends SubsetRouteOptions {
  /** Where requests go: subsets of one Destination. Each needs a weight unless it is the only one. */
  readonly to: WeightedSubset[];
}

/**
 * Sends the HTTP requests for a host to one of its subsets, or to several by weight.
 *
 * Is one VirtualService. A subset comes from its Destination, so that no route leads to one that is not
 * defined. Ports that aren't HTTP are not routed by it.
 *
 * @throws if `to` is empty, has subsets of several Destinations or of one for certain clients, or weights that
 * Istio refuses or ignores; at synth, if another route of the app is for the same host and clients, or if the
 * Service lacks the port
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { Destination, SubsetRoute } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const reviews = new Destination(shop, 'reviews', {
 *   host: 'reviews.shop.svc.cluster.local',
 *   subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
 * });
 * new SubsetRoute(shop, 'canary', {
 *   to: [{ subset: reviews.subset('v1'), weight: 90 }, { subset: reviews.subset('v2'), weight: 10 }],
 * });
 */
export class SubsetRoute extends ApiObject {
  /** The host whose requests are routed. */
  public readonly host: string;

  /** The namespace of the VirtualService. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: SubsetRouteProps) {
    const { to = [], gateways } = props;
    const refuse = refusing(KIND, pathIn(scope, id));
    const destination = checkedDestination(to, refuse);
    checkRoutable(destination, refuse);
    const { host, namespace } = { host: destination.host, namespace: props.namespace ?? destination.namespace };
    const ports = props.port === undefined ? [] : [props.port];
    checkWeights(to, refuse);
    checkPortNumbers(ports, { field: PORT_FIELD, entry: 'entry', owner: 'Service' }, refuse);
    checkExportTo(props.exportTo, namespace, refuse);
    const exportTo = props.exportTo ?? audienceFrom(namespace, destination);
    super(scope, id, virtualService({ ...props, to, host, namespace, exportTo }));
    this.host = host;
    this.namespace = namespace;
    virtualServices.add(this, { apiObject: this, hosts: [host], namespace, gateways, exportTo });
    servicePorts.add(this, { refuse, field: PORT_FIELD, service: destination._service, ports });
  }
}

interface VirtualServiceParts extends SubsetRouteProps {
  readonly host: string;
  readonly namespace: string;
}

function virtualService({ name, namespace, host, gateways, exportTo, to, port }: VirtualServiceParts): ApiObjectProps {
  const route = to.map(({ subset, weight }) => ({
    destination: { host, subset: subset.name, port: port === undefined ? undefined : { number: port } },
    weight,
  }));
  return {
    ...networking.VirtualService.GVK,
    metadata: name ? { namespace, name } : { namespace },
    spec: { hosts: [host], gateways, exportTo, http: [{ route }] },
  } as ApiObjectProps;
}

/** Those who find the Destination, told from the route's namespace. */
function audienceFrom(namespace: string, { _audience }: Destination): string[] | undefined {
  return _audience && [..._audience].map((reader) => (reader === namespace ? '.' : reader));
}

function checkedDestination(to: readonly WeightedSubset[], refuse: Refuse): Destination {
  for (const { subset } of to) checkMadeBy('Destination.subset', { field: 'to.subset', value: subset, member: 'destination' }, refuse);
  const destinations = [...new Set(to.map(({ subset }) => subset.destination))];
  if (destinations.length > 1) {
    throw refuse({
      code: 'MTLS038',
      field: 'http.route',
      actual: `to subsets of ${destinations.map(({ host, node }) => `${host} (${node.path})`).join(' and ')}`,
      expected: 'subsets of one Destination',
      because: 'a client sees the subsets of one rule only',
      fix: 'define the subsets in one Destination',
    });
  }
  if (destinations[0]?._clients) {
    throw refuse({
      code: 'MTLS038',
      field: 'http.route',
      actual: `to a subset of ${destinations[0].node.path}, which is for certain clients`,
      expected: 'a subset of a Destination for all clients',
      because: 'the route holds for all clients, and those without the subset get an error 503',
      fix: "define the subset in a Destination without 'client', and in this one as well",
    });
  }
  if (destinations.length === 1) return destinations[0];
  throw refuse({ code: 'MTLS037', field: 'http.route', actual: 'empty', expected: 'at least one subset', because: 'istiod refuses a route to nowhere', fix: "add a subset to 'to'" });
}

function checkRoutable({ host }: Destination, refuse: Refuse): void {
  if (host !== '*') return;
  throw refuse({
    code: 'MTLS022',
    field: 'hosts',
    actual: "'*'",
    expected: 'one host, or a name whose first label is *',
    because: 'istiod refuses a route to every host',
    fix: 'make a Destination for the host that is meant',
  });
}

function checkWeights(to: readonly WeightedSubset[], refuse: Refuse): void {
  const refused = (actual: string, because: string, fix: string) => refuse({
    code: 'MTLS037',
    field: 'http.route.weight',
    actual,
    expected: `a whole number from 0 to ${INT32} for each subset, more than 0 for one at least`,
    because,
    fix,
  });
  for (const { subset, weight } of to) {
    if (weight === undefined && to.length > 1) throw refused(`missing for '${subset.name}'`, 'Istio sends nothing to a subset without weight', 'give each a weight');
    if (weight === undefined || (Number.isInteger(weight) && weight >= 0 && weight <= INT32)) continue;
    throw refused(`${weight} for '${subset.name}'`, 'the API server and istiod refuse others', 'give such a number');
  }
  if (to.every(({ weight }) => weight === 0)) {
    throw refused('0 for all', 'istiod refuses it for several subsets, and for a single one Istio ignores the weight', 'give one a weight');
  }
}
