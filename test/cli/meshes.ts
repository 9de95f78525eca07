import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplesOf } from '../support/documents/rule-page';

const page = readFileSync(join(__dirname, '../../docs/rules/mtls101-plaintext-rule-strict-server.md'), 'utf8');
const { bad, good } = examplesOf(page);

/** A client whose DestinationRule sends plaintext to a STRICT server: one broken connection, one error MTLS101. */
export const BROKEN = bad;

/** The same mesh, corrected: one connection with mutual TLS, no findings. */
export const SOUND = good;

/** A mesh whose client declares its calls. */
export function declaringCalls(mesh: string, calls: string): string {
  const web = 'kind: Deployment\nmetadata:\n  name: web\n';
  return mesh.replace(web, `${web}  annotations: { calls.istio-mtls/to: ${JSON.stringify(calls)} }\n`);
}

/** Two PeerAuthentications for one namespace: a warning MTLS201. */
export const WARNED = ['one', 'two'].map((name) => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: ${name}
  namespace: other
spec:
  mtls:
    mode: STRICT
`).join('---\n');

/** A part of namespace `shop`, with calls to a missing Service: an error MTLS114 unless the namespace is partial. */
export const PART = `${SOUND}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ratings
  namespace: shop
spec:
  hosts:
    - ratings.shop.svc.cluster.local
  http:
    - route:
        - destination:
            host: reviews.shop.svc.cluster.local
`;

/** A configuration file with a kind of the user's, whose namespaces aren't checked. */
export const USERS_KIND = 'workloadKinds: [{ group: example.com, kind: App }]\n';

/** A mesh whose client is of that kind, in a namespace that an API server would refuse. */
export function withClientOfUser(mesh: string, namespace: string): string {
  const quoted = JSON.stringify(namespace).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return mesh.replace(/apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: web\n {2}namespace: shop\n/,
    () => `apiVersion: example.com/v1\nkind: App\nmetadata:\n  name: web\n  namespace: ${quoted}\n`);
}
