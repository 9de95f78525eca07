import { Evidence } from './evidence';
import { FieldPath } from '../findings/field-path';
import { MeshObject } from '../mesh/objects/mesh-object';
import { integer, shape, shapes, text } from '../mesh/objects/shape';
import { connectable, Service } from '../mesh/services/service';

/** A Service that an Ingress leads to. */
export interface IngressBackend {
  readonly service: Service;
  readonly port: number;
  /** The first place that names it. */
  readonly field: FieldPath;
}

/** Names by which ingress controllers are installed. */
const CONTROLLERS: ReadonlySet<string | undefined> = new Set([
  'ambassador', 'contour', 'emissary-ingress', 'haproxy-ingress', 'ingress-nginx', 'kong', 'kubernetes-ingress', 'nginx-ingress', 'traefik',
]);

/** Whether an ingress controller in the manifests has a sidecar: what it sends depends on its own settings then. */
export function hasMeshedController({ mesh }: Evidence): boolean {
  return mesh.workloads.some(({ labels, proxy }) => proxy.kind === 'sidecar' && (CONTROLLERS.has(labels['app.kubernetes.io/name']) || CONTROLLERS.has(labels.app)));
}

/** Whether an Istio gateway serves an Ingress. */
export function isServedByIstio({ annotations, spec }: MeshObject, evidence: Evidence): boolean {
  const annotated = annotations['kubernetes.io/ingress.class'];
  if (annotated !== undefined) return annotated === 'istio';
  const name = text(spec.ingressClassName);
  const found = evidence.objects('IngressClass').find((object) => object.name === name);
  return found ? found.spec.controller === 'istio.io/ingress-controller' : name === 'istio';
}

/** Every Service and port that an Ingress names and the manifests hold, once. */
export function backendsOf(ingress: MeshObject, { mesh }: Evidence): readonly IngressBackend[] {
  const found = new Map<string, IngressBackend>();
  for (const [backend, field] of backendFields(ingress)) {
    const { name, port: wanted } = shape(shape(backend).service);
    const service = mesh.registry.kubernetesService(mesh.registry.hostOf(text(name) ?? '', ingress.namespace));
    const port = service && connectable(service).find((one) => one.number === integer(shape(wanted).number) || (one.name !== '' && one.name === shape(wanted).name));
    const key = service && port ? `${service.name} ${port.number}` : undefined;
    if (key && !found.has(key)) found.set(key, { service: service!, port: port!.number, field: [...field, 'service', 'name'] });
  }
  return [...found.values()];
}

function* backendFields({ spec }: MeshObject): Generator<[unknown, FieldPath]> {
  yield [spec.defaultBackend, ['spec', 'defaultBackend']];
  for (const [rule, { http }] of shapes(spec.rules).entries()) {
    for (const [path, { backend }] of shapes(shape(http).paths).entries()) yield [backend, ['spec', 'rules', rule, 'http', 'paths', path, 'backend']];
  }
}
