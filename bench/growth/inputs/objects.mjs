// Objects that are large or many in themselves: unknown kinds, lists, findings, acknowledgements, and the formats of reports.
import { deployment, documents, namespace, object, service, SHOP, times, yaml } from '../objects.mjs';

const nested = (depth, inner) => times(depth, () => 0).reduce((value) => `{a: ${value}}`, inner);
const unknownFields = (n) => object('PeerAuthentication', 'p', Object.fromEntries(times(n, (index) => [`field${index}`, 1])));
const refused = (n) => documents(SHOP, times(n, (index) => object('PeerAuthentication', `p${index}`, { mtls: { mode: 'STRCT' } })));
const warned = (n) => documents(SHOP, times(n, (index) => object('PeerAuthentication', `p${index}`, { selector: { matchLabels: { app: `w${index}` } }, mtls: { mode: 'STRICT' } })));
const checked = (format) => ['check', '--fail-on', 'never', '-o', format];
const mesh = (n) => documents(namespace(), deployment('client'), times(n, (index) => [service(`s${index}`), deployment(`s${index}`, { labels: { 'sidecar.istio.io/inject': 'false' } })]));
const listed = (format) => ['connections', '--client', 'shop/client', '-o', format];
/** An object that another one makes, or several. */
const made = (kind, name, owners, spec) => yaml({
  apiVersion: kind === 'Pod' ? 'v1' : 'example.com/v1', kind,
  metadata: { name, namespace: 'shop', ownerReferences: owners.map((owner) => ({ apiVersion: 'example.com/v1', kind: 'Link', name: owner, uid: owner })) }, spec,
});
const links = (n) => times(n, (index) => made('Link', `l${index}`, [`l${index + 1}`]));
const ofLink = (index) => made('Pod', `p${index}`, ['l0'], { containers: [{ name: 'app', image: 'app' }] });

export const OBJECTS = [
  { name: 'a wide object of an unknown kind', make: (n) => documents(SHOP, object('Thing', 't', Object.fromEntries(times(n, (index) => [`field${index}`, index])))) },
  { name: 'deep objects of an unknown kind', make: (n) => documents(SHOP, times(n, (index) => `{apiVersion: example.com/v1, kind: Thing, metadata: {name: d${index}}, spec: ${nested(90, '1')}}`)) },
  { name: 'items of a List', make: (n) => `apiVersion: v1\nkind: List\nitems:\n${times(n, (index) => `- ${deployment(`d${index}`).replaceAll('\n', '\n  ')}`).join('\n')}\n` },
  { name: 'unknown fields of one object', make: unknownFields },
  // From where on a second thread admits: what that costs once is no growth.
  { name: 'findings of one list', from: 16384, make: (n) => documents(SHOP, object('Sidecar', 's', { egress: times(n, () => ({ hosts: ['nowhere'] })) })) },
  { name: 'objects of one name', make: (n) => documents(SHOP, times(n, () => object('PeerAuthentication', 'p', { mtls: { mode: 'STRICT' } }))) },
  { name: 'owners in a row, and pods that the last one makes', make: (n) => documents(SHOP, links(n), times(n, ofLink)) },
  { name: 'owners of one pod', make: (n) => documents(SHOP, made('Pod', 'p', times(n, (index) => `l${index}`), { containers: [{ name: 'app', image: 'app' }] })) },
  { name: 'Rollouts of one Deployment', make: (n) => documents(SHOP, times(n, (index) => yaml({
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: `r${index}`, namespace: 'shop' }, spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  }))) },
  { name: 'acknowledgements of one object', make: (n) => documents(SHOP, object('PeerAuthentication', 'p', { mtls: { mode: 'STRICT' } }, { annotations: Object.fromEntries(times(n, (index) => [`acknowledge.istio-mtls/MTLS${index}`, 'known'])) })) },
  { name: 'acknowledgements of many objects', make: (n) => documents(SHOP, times(n, (index) => object('PeerAuthentication', `p${index}`, { selector: { matchLabels: { app: `w${index}` } }, mtls: { mode: 'STRICT' } }, { annotations: { 'acknowledge.istio-mtls/MTLS204': 'known' } }))) },
  ...['text', 'json', 'sarif', 'junit', 'github'].flatMap((format) => [
    { name: `refused objects, as ${format}`, make: refused, args: checked(format) },
    { name: `findings of the analysis, as ${format}`, make: warned, args: checked(format) },
  ]),
  { name: 'refused objects, as validate tells them', make: refused, args: ['validate'] },
  ...['table', 'json', 'csv'].map((format) => ({ name: `connections of one client, as ${format}`, make: mesh, args: listed(format) })),
  { name: 'connections of one client, as json of format 2', make: mesh, args: [...listed('json'), '--format', '2'] },
];
