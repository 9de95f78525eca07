// What verbs other than check could be stalled by: one call explained, a runbook, certificates.
import { createRequire } from 'node:module';
import { deployment, documents, namespace, object, service, SHOP, times, yaml } from '../objects.mjs';

const require = createRequire(import.meta.url);
require('../../../conformance/typescript.js');
const { certificate } = require('../../../test/support/certificates/x509.ts');

const HOST = 'web.shop.svc.cluster.local';
const EXPLAIN = ['explain', 'shop/client', 'shop/web:80'];
const ROTATE = ['ca', 'rotate', '--from', 'self-signed', '--to'];
const INSPECT = ['ca', 'inspect', '--fail-on', 'never'];
const EMPTY_LINES = '\n'.repeat(16);

let made;
/** One root, and an intermediate of it: to make thousands would take longer than to read them. */
function authorities() {
  made ??= (() => {
    const root = certificate({ commonName: 'root', ca: true, keyUsage: [5, 6] });
    return { root, ca: certificate({ commonName: 'ca', issuer: root, ca: true, keyUsage: [5, 6] }) };
  })();
  return made;
}
const inBase64 = (text) => Buffer.from(text).toString('base64');
const proxySecrets = (secrets) => JSON.stringify({ dynamicActiveSecrets: secrets });

export const VERBS = [
  { name: 'explain, DestinationRules of one host', args: EXPLAIN, make: (n) => documents(SHOP, times(n, (index) => object('DestinationRule', `r${index}`, { host: HOST, trafficPolicy: { tls: { mode: 'DISABLE' } } }))) },
  { name: 'explain, DestinationRules of one host, for other namespaces', args: EXPLAIN, make: (n) => documents(SHOP, times(n, (index) => object('DestinationRule', `r${index}`, { host: HOST, exportTo: [`ns-${index}`], trafficPolicy: { tls: { mode: 'DISABLE' } } }))) },
  { name: 'explain, PeerAuthentications of one namespace', args: EXPLAIN, make: (n) => documents(SHOP, times(n, (index) => object('PeerAuthentication', `p${index}`, { selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'STRICT' } }))) },
  { name: 'explain, routes of one host to subsets', args: EXPLAIN, make: (n) => documents(SHOP, object('DestinationRule', 'r', { host: HOST, subsets: times(n, (index) => ({ name: `v${index}`, labels: { version: `v${index}` } })) }),
    object('VirtualService', 'v', { hosts: [HOST], http: times(n, (index) => ({ match: [{ uri: { prefix: `/a${index}/` } }], route: [{ destination: { host: HOST, subset: `v${index}` } }] })) })) },
  { name: 'explain, servers of one service', args: EXPLAIN, make: (n) => documents(SHOP, object('PeerAuthentication', 'p', { mtls: { mode: 'STRICT' } }), object('DestinationRule', 'r', { host: HOST, trafficPolicy: { tls: { mode: 'DISABLE' } } }),
    times(n, (index) => deployment(`w${index}`, { app: 'web', labels: { version: `v${index}` } }))) },
  { name: 'explain, other workloads and services', args: EXPLAIN, make: (n) => documents(SHOP, times(n, (index) => [service(`s${index}`), deployment(`s${index}`)])) },
  { name: 'runbook of workloads and services', args: ['runbook'], make: (n) => documents(namespace(), times(n, (index) => [service(`s${index}`), deployment(`s${index}`)])) },
  { name: 'runbook of namespaces', args: ['runbook'], make: (n) => documents(times(n, (index) => [namespace(`ns-${index}`), service('web', {}, { namespace: `ns-${index}` }), deployment('web', {}, { namespace: `ns-${index}` })])) },
  { name: 'runbook of one workload, with policies for each', args: ['runbook', '--workload', 'shop/web'], make: (n) => documents(SHOP, times(n, (index) => [deployment(`w${index}`), object('PeerAuthentication', `p${index}`, { selector: { matchLabels: { app: `w${index}` } }, mtls: { mode: 'STRICT' } })])) },
  { name: 'runbook of workloads whose names no command takes', args: ['runbook'], make: (n) => documents(namespace(), times(n, (index) => [service(`s${index}`), deployment(`$(touch ${index})`, { app: `s${index}` })])) },
  { name: 'report of workloads and services', args: ['report'], make: (n) => documents(namespace(), times(n, (index) => [service(`s${index}`), deployment(`s${index}`)])) },
  { name: 'report of namespaces', args: ['report'], make: (n) => documents(times(n, (index) => [namespace(`ns-${index}`), service('web', {}, { namespace: `ns-${index}` }), deployment('web', {}, { namespace: `ns-${index}` })])) },
  { name: 'ca inspect, one certificate many times', args: INSPECT, make: (n) => authorities().root.pem.repeat(n) },
  { name: 'ca inspect, a chain and its root many times', args: INSPECT, make: (n) => (authorities().ca.pem + authorities().root.pem).repeat(n) },
  { name: 'ca rotate, to a chain and its root many times', args: ROTATE, make: (n) => (authorities().ca.pem + authorities().root.pem).repeat(n) },
  { name: 'ca inspect, beginnings of certificates', args: INSPECT, make: (n) => authorities().root.pem + '-----BEGIN CERTIFICATE-----\n'.repeat(n) },
  { name: 'ca inspect, text and empty lines', args: INSPECT, make: (n) => `${`depth=2${EMPTY_LINES}-----`.repeat(n)}\n${authorities().root.pem}` },
  { name: 'ca inspect, Secrets with a CA', args: INSPECT, make: (n) => documents(times(n, (index) => yaml({
    apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: `ns-${index}` },
    data: { 'ca-cert.pem': inBase64(authorities().ca.pem), 'root-cert.pem': inBase64(authorities().root.pem), 'cert-chain.pem': inBase64(authorities().ca.pem) },
  }))) },
  { name: 'ca inspect, secrets of a proxy', args: INSPECT, make: (n) => proxySecrets(times(n, (index) => ({ name: `s${index}`, secret: { validationContext: { trustedCa: { inlineBytes: inBase64(authorities().root.pem) } } } }))) },
  { name: 'ca inspect, roots that a proxy trusts', args: INSPECT, make: (n) => proxySecrets([
    { name: 'default', secret: { tlsCertificate: { certificateChain: { inlineBytes: inBase64(authorities().ca.pem) } } } },
    { name: 'ROOTCA', secret: { validationContext: { trustedCa: { inlineBytes: inBase64(authorities().root.pem.repeat(n)) } } } },
  ]) },
];
