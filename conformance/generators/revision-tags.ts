// A tag for istiod's revision, which namespaces and pods name in place of a revision.
import type { Manifest } from '../manifest';

const REVISION = 'istio.io/rev';
const TAG = 'prod';

/** Kinds of which some objects are for one revision alone. */
const READ = ['PeerAuthentication', 'DestinationRule', 'VirtualService', 'Sidecar'];

/** Whose label an object has: nobody reads one that names a tag. */
const READERS = ['default', 'other', TAG];

/** Namespaces and pods that name a revision name the tag; some of Istio's objects name a revision, the tag's or another. */
export function taggedRevision(objects: readonly Manifest[], place: number): readonly Manifest[] {
  const text = JSON.stringify(objects.filter(isNamed)).replaceAll(/"istio\.io\/rev":"(default|canary)"/g, `"${REVISION}":"${TAG}"`);
  const named: Manifest[] = JSON.parse(text);
  const renamed = objects.map((object) => (isNamed(object) ? named.shift()! : object));
  const isForOne = ({ kind }: Manifest, index: number): boolean => READ.includes(kind) && (index + place) % 4 === 0;
  return [...renamed.map((object, index) => (isForOne(object, index) ? labelled(object, READERS[(index + place) % 3]) : object)), webhook()];
}

/** Whether it may say which revision pods get their sidecar of. */
const isNamed = ({ kind, spec }: Manifest): boolean => ['Namespace', 'Pod', 'CronJob'].includes(kind) || spec?.template !== undefined;

function labelled(object: Manifest, revision: string): Manifest {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [REVISION]: revision } } };
}

/** As Istio's chart writes it. */
function webhook(): Manifest {
  const notRefused = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
  const isTag = { key: REVISION, operator: 'In', values: [TAG] };
  const isAbsent = (key: string) => ({ key, operator: 'DoesNotExist' });
  const called = (prefix: string, namespaces: object[], pods: object[]) => ({
    name: `${prefix}.sidecar-injector.istio.io`, clientConfig: { service: { name: 'istiod', namespace: 'istio-system', path: '/inject', port: 443 } }, sideEffects: 'None',
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }], failurePolicy: 'Fail', admissionReviewVersions: ['v1'],
    namespaceSelector: { matchExpressions: namespaces }, objectSelector: { matchExpressions: pods },
  });
  return {
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration',
    metadata: { name: `istio-revision-tag-${TAG}`, labels: { 'istio.io/tag': TAG, [REVISION]: 'default', 'app': 'sidecar-injector' } },
    webhooks: [
      called('rev.namespace', [isTag, isAbsent('istio-injection')], [notRefused]),
      called('rev.object', [isAbsent(REVISION), isAbsent('istio-injection')], [notRefused, isTag]),
    ],
  } as Manifest;
}
