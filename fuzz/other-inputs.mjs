// What the command reads beside a mesh, changed at random: names, answers of Prometheus, certificates and the keys beside them.
import { createRequire } from 'node:module';
import { spoiled } from './mutations.mjs';
import { PRIVATE_KEY, VALUES } from './nasty.mjs';

const require = createRequire(import.meta.url);
require('../conformance/typescript.js');
const { prometheusAnswer } = require('../test/support/command/prometheus.ts');
const { certificate } = require('../test/support/certificates/x509.ts');

/** The shell's own signs, in the names of objects or of the command line. */
const NAMES = ['shop/$(touch x)', 'shop/`id`', 'shop/a;id', 'shop/a|sh', '\'', '"', 'a/b/c/d', '', '/', '-', ':', 'shop/web:', 'shop/web:99999', '[::1]:80', 'shop/web:1e3', '\u0000', '\u202e', '*/*'];

/** A client and a service: those of a connection, or others. */
export function callOf(random, connections) {
  const { client, requested } = random.one(connections) ?? {};
  const named = client ? [`${client.kind}/${client.namespace}/${client.name}`, `${requested.host}:${requested.port}`] : ['shop/web', 'shop/server:443'];
  return named.map((name) => (random.below(8) === 0 ? random.one([...NAMES, ...VALUES]) : name));
}

/** What Prometheus might answer to the query of `queries plaintext`. */
export function answerOf(random, connections, at) {
  const workload = (one) => (one && random.below(8) > 0 ? `${one.namespace}/${one.name}`.replaceAll(/\s/g, '') : 'unknown/unknown');
  const calls = Array.from({ length: random.below(4) }, () => random.one(connections)).filter((one) => one?.server)
    .map(({ client, server }) => `${workload(client)} → ${workload(server)}`);
  const scraped = Object.fromEntries(connections.filter(({ server }) => server && /^\S+$/.test(server.name + server.namespace))
    .map(({ server }) => [`Deployment ${server.namespace}/${server.name}`, random.one([1, 1, 0.5, 0, 2])]));
  const text = JSON.stringify(prometheusAnswer({ at, calls, scraped }), undefined, random.below(2));
  return spoiled(text, random);
}

const ROOT = certificate({ commonName: 'root', privateKey: PRIVATE_KEY, ca: true, keyUsage: [5, 6] });
const CA = certificate({ commonName: 'ca', issuer: ROOT, privateKey: PRIVATE_KEY, ca: true, pathLength: 0, keyUsage: [5, 6] });
const LEAF = certificate({
  commonName: '\u001b[31m::error::x', issuer: CA, privateKey: PRIVATE_KEY, notAfter: new Date(0), names: [{ uri: 'spiffe://cluster.local/ns/shop/sa/web' }, { dns: '\u202e"\n::error::x' }],
});
const inBase64 = (text) => Buffer.from(text, 'latin1').toString('base64');
const PEMS = [ROOT.pem, CA.pem, LEAF.pem, ROOT.keyPem, CA.pem + ROOT.pem, LEAF.pem + CA.pem + ROOT.pem, LEAF.keyPem + LEAF.pem];

/** What `ca inspect` reads: PEM, a Secret, a ConfigMap, what istioctl or openssl print; the private key is in most. */
export function certificatesOf(random) {
  const pem = () => (random.below(3) === 0 ? spoiled(random.one(PEMS), random) : random.one(PEMS));
  const text = random.one([
    pem,
    () => `depth=2 CN = root\nCertificate chain\n 0 s:CN = a\n${pem()} 1 s:CN = b\n${pem()}---\nServer certificate\n`,
    () => JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: random.one(['cacerts', 'a']), namespace: 'istio-system' }, data: Object.fromEntries(['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem', 'ca-crl.pem', 'tls.crt'].map((key) => [key, inBase64(pem())])) }, undefined, 1),
    () => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio-ca-root-cert', namespace: 'shop' }, data: { 'root-cert.pem': pem() } }, undefined, 1),
    () => JSON.stringify({ dynamicActiveSecrets: [
      { name: 'default', secret: { tlsCertificate: { certificateChain: { inlineBytes: inBase64(pem()) }, privateKey: { inlineBytes: inBase64(ROOT.keyPem) } } } },
      { name: 'ROOTCA', secret: { validationContext: { trustedCa: { inlineBytes: inBase64(pem()) } } } },
    ] }, undefined, 1),
  ])();
  return spoiled(text, random);
}
