import { ApiObject } from 'cdk8s';
import { checkedService, hostOf } from './destination-host';
import { ICallable } from './services';
import { Subset, SubsetOwner } from './subset';
import { checkMadeBy, Refuse } from '../refuse';

/** How a route uses a backend. */
export interface BackendOptions {
  /**
   * The **Service's** port that requests are sent to, 1 to 65535.
   *
   * @default - that of `Services.named`, otherwise the route's `port`, otherwise Istio's: the Service's only port, or the port that the
   * client called
   */
  readonly port?: number;

  /**
   * The share of the requests, in proportion to the sum of all weights: an integer from 0 (none) to 2147483647. The weights don't
   * need to add up to 100. Not for mirrors.
   *
   * @default - all requests, if it is the only backend; otherwise an error
   */
  readonly weight?: number;

  /**
   * For mirrors: the share of requests to copy, in percent, 0 to 100.
   *
   * @default - Istio's: 100
   */
  readonly percentage?: number;
}

/** A backend as a route writes it. */
export interface ResolvedBackend extends BackendOptions {
  /** The fully qualified name. */
  readonly host: string;
  /** The Destination of its subset. */
  readonly owner?: SubsetOwner;
  readonly subset?: string;
  /** The Service of the host, if it is in the app. */
  readonly service?: ApiObject;
  /** How errors name it. */
  readonly shown: string;
}

/**
 * What gets requests of an HttpRoute, or copies of them: a Service, or one of its subsets.
 *
 * The HttpRoute that uses it reports its errors, with that construct's path.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { Backend, HttpRoute, StringMatch } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const reviews = new kplus.Service(shop, 'reviews', { ports: [{ port: 9080 }] });
 * const archive = new kplus.Service(shop, 'archive', { ports: [{ port: 9080 }] });
 *
 * HttpRoute.ofService(shop, 'reviews-route', reviews, {
 *   rules: [{ matches: [{ uri: StringMatch.prefix('/old') }], to: [Backend.service(archive)] }],
 * });
 */
export class Backend {
  /**
   * A Service, whatever its subsets; it may be another one than that of the route.
   *
   * @param service a Service of cdk8s-plus (any version), or an ExternalService with one host; for an ApiObject, or a Service that isn't
   * in the app, see `Services`
   */
  public static service(service: ICallable, options: BackendOptions = {}): Backend {
    return new Backend({ service }, options);
  }

  /**
   * A subset of a Service. Its Destination must be for all clients.
   *
   * @param subset from `Destination.subset`
   */
  public static subset(subset: Subset, options: BackendOptions = {}): Backend {
    return new Backend({ subset }, options);
  }

  private constructor(private readonly target: { readonly service: ICallable } | { readonly subset: Subset },
    private readonly options: BackendOptions) {}

  /**
   * Rejects what isn't a Service or subset.
   * @internal
   */
  public _resolve(field: string, clusterDomain: () => string, refuse: Refuse): ResolvedBackend {
    const { target, options } = this;
    if ('service' in target) {
      const service = checkedService(target.service, { field: `${field}.service`, construct: 'Destination' }, refuse);
      const { object, name, port } = service;
      return { ...options, port: options.port ?? port, host: hostOf(service, clusterDomain()), service: object, shown: name };
    }
    checkMadeBy('Destination.subset', { field: `${field}.subset`, value: target.subset, member: '_owner' }, refuse);
    const { _owner: owner, name } = target.subset;
    return { ...options, host: owner.host, owner, subset: name, service: owner._service?.object, shown: name };
  }
}
