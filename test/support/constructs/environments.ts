import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { loadAll } from 'js-yaml';
import { IstioMesh, IstioMeshProps } from '../../../src/index';

/** A client, a server and their namespace. */
const SHOP = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: api}]}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80}]}
`;

/** A chart with a client that calls a server. */
export function shopIn(scope: Construct, id = 'shop'): Chart {
  const chart = new Chart(scope, id, { namespace: 'shop' });
  loadAll(SHOP).forEach((object, index) => new ApiObject(chart, `object${index}`, object as any));
  return chart;
}

/** An environment of an app: a mesh with a shop. */
export interface Environment {
  readonly stage: Construct;
  readonly mesh: IstioMesh;
  readonly shop: Chart;
}

/** An environment with the same objects as every other, and its own trust domain. */
export function environmentIn(app: Construct, name: string, props: IstioMeshProps = {}): Environment {
  const stage = new Construct(app, name);
  const mesh = new IstioMesh(stage, 'mesh', { trustDomain: `${name}.example`, ...props });
  mesh.strict();
  return { stage, mesh, shop: shopIn(stage) };
}

/** An app with the environments dev and prod, which have the same objects. */
export function twoEnvironments(): { readonly app: App; readonly dev: Environment; readonly prod: Environment } {
  const app = Testing.app();
  return { app, dev: environmentIn(app, 'dev'), prod: environmentIn(app, 'prod') };
}
