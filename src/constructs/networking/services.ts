import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { refusal } from '../../findings/refusal';
import { mapping, mappings } from '../../manifests/mapping';
import { apiObjectOf, shownConstruct } from '../api-object';
import { refusing } from '../refuse';

/**
 * What clients call: a Service of cdk8s-plus (any version), or an ExternalService. In TypeScript, Python and Go you can pass it
 * directly. In Java, where a class must declare its interfaces, pass `Services.of(service)`; for an ApiObject that is a Service or a
 * ServiceEntry, do so in all languages. A Deployment or a Chart isn't callable.
 *
 * For a Service that isn't in the app, pass `Services.named`.
 */
export interface ICallable {
  /** The API version of the object, such as `v1`. */
  readonly apiVersion: string;

  /** The kind of the object, such as `Service`. */
  readonly kind: string;

  /** The port that clients call if no other is named: the first one. */
  readonly port: number;
}

/** The name and port of a Service that isn't in the app. */
interface NamedService {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * Names a Service or a host outside the mesh that clients call.
 *
 * The construct that gets it reports its errors, with that construct's path.
 *
 * @example
 *
 * import { App, Chart, Duration } from 'cdk8s';
 * import { Backend, HttpRoute, Services } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const reviews = Services.named('shop', 'reviews', 9080);
 * HttpRoute.ofService(shop, 'reviews-route', reviews, {
 *   to: [Backend.service(reviews, { weight: 90 }), Backend.service(Services.named('trial', 'reviews', 9080), { weight: 10 })],
 *   timeout: Duration.seconds(3),
 * });
 */
export class Services implements ICallable {
  /**
   * A Service or ServiceEntry of the app: an ApiObject, or a construct of cdk8s-plus or your own that contains one.
   *
   * @param service a Service (v1), a ServiceEntry or an ExternalService
   * @throws if there is no construct, where the language doesn't reject that itself
   */
  public static of(service: IConstruct): Services {
    if (service === undefined || service === null) throw missing();
    return new Services({ service });
  }

  /**
   * A Service that isn't in the app. Whether it exists, and has the port, can't be checked.
   *
   * @param namespace the Service's namespace
   * @param name its name
   * @param port its port, 1 to 65535; requests that a route sends to it as a backend go there
   */
  public static named(namespace: string, name: string, port: number): Services {
    return new Services({ named: { namespace, name, port } });
  }

  /** The API version of the object, such as `v1`. */
  public readonly apiVersion: string;

  /** The kind of the object, `Service` or `ServiceEntry`. */
  public readonly kind: string;

  /** @internal */
  public readonly _service?: IConstruct;
  /** @internal */
  public readonly _named?: NamedService;

  private constructor({ service, named }: { readonly service?: IConstruct; readonly named?: NamedService }) {
    const object = service && apiObjectOf(service);
    this.apiVersion = object?.apiVersion ?? 'v1';
    this.kind = object?.kind ?? 'Service';
    this._service = service;
    this._named = named;
  }

  /**
   * The port that clients call if no other is named: the first one, as it is now.
   *
   * @throws if it has no port
   */
  public get port(): number {
    if (this._named) return this._named.port;
    const object = apiObjectOf(this._service!);
    const [port] = object ? portNumbersOf(object) : [];
    if (port !== undefined) return port;
    throw refusing('Services', this._service!.node.path)({
      code: 'API036',
      field: 'spec.ports',
      actual: `${object ? 'empty' : 'missing'} in ${shownConstruct(this._service)}`,
      expected: 'at least one port',
      because: 'clients call a port',
      fix: 'add a port to the Service',
    });
  }
}

/** The ports of a Service or ServiceEntry, as they are now. */
export function portNumbersOf(service: ApiObject): number[] {
  return mappings(mapping(service.toJson().spec).ports).map(({ port, number }) => Number(port ?? number));
}

function missing(): Error {
  return refusal({
    code: 'API021',
    kind: 'Services',
    field: 'service',
    actual: 'missing',
    expected: 'a Service (v1), a ServiceEntry or an ExternalService',
    fix: 'pass the construct of the Service',
  });
}
