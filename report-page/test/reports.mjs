// The reports that are looked at in a browser.
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { meshYaml } from '../../bench/mesh.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Text that would run, load or close something wherever a page took it for markup. */
export const HOSTILE = [
  '</script><script>window.hacked = 1</script>', '<img src=x onerror="window.hacked = 2">', '"><svg onload="window.hacked = 3">', 'javascript:window.hacked=4',
  '<!--<script>', '${window.hacked = 5}', '\u2028window.hacked = 6', '\'"`;window.hacked = 7//', '<style>*{display:none}</style>', '<a href="http://example.com/">x</a>',
];

/** A private key in PEM, of which no line may be in a report. */
export const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

/** Writes all reports into a folder: their files by their names. */
export function writeReports(folder) {
  const boutique = join(ROOT, 'examples/boutique/cluster.yaml');
  const [bookinfo, former, mesh, hostile, ca] = ['bookinfo', 'former.yaml', 'mesh.yaml', 'hostile.json', 'ca.json'].map((name) => join(folder, name));
  const partial = join(folder, 'partial.json');
  mkdirSync(bookinfo);
  execFileSync('npx', ['--no-install', 'cdk8s', 'synth', '--check-upgrade', 'false', '-o', bookinfo], { cwd: join(ROOT, 'examples/bookinfo'), stdio: 'ignore' });
  writeFileSync(former, readFileSync(boutique, 'utf8').replaceAll('mode: DISABLE', 'mode: ISTIO_MUTUAL'));
  writeFileSync(mesh, meshYaml({ isFaulty: true }));
  writeFileSync(hostile, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: hostileObjects() }));
  writeFileSync(ca, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [caSecret(folder)] }));
  writeFileSync(partial, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: partialObjects() }));
  return {
    'bookinfo': report(folder, 'bookinfo', bookinfo),
    'boutique': report(folder, 'boutique', boutique, '--base', former),
    'large mesh': report(folder, 'mesh', mesh),
    'hostile names': report(folder, 'hostile', hostile),
    'partial mesh': report(folder, 'partial', partial),
    'certificates': report(folder, 'ca', ca),
    'known findings': withBaseline(folder),
  };
}

/** A small mesh of mistakes, of which a baseline knows all but those of one namespace, and one is acknowledged. */
function withBaseline(folder) {
  const [mesh, baseline] = ['small.yaml', 'known.yaml'].map((name) => join(folder, name));
  writeFileSync(mesh, meshYaml({ services: 12, namespaces: 3, policies: 3, isFaulty: true }));
  command('check', mesh, '--baseline', baseline, '--write-baseline', '-o', 'json');
  const [head, ...entries] = readFileSync(baseline, 'utf8').split(/(?=^ {2}- )/m);
  const known = entries.filter((entry) => !entry.includes('namespace: ns-1\n')).map((entry, index) => (index === 0 ? `${entry}    reason: goes with the old cluster\n` : entry));
  writeFileSync(baseline, [head, ...known, known[0].replace(/\n {4}name: .*/, '\n    name: long-gone').replace(/ {4}reason: .*\n/, '')].join(''));
  return report(folder, 'known', mesh, '--baseline', baseline, '--acknowledge', 'MTLS101 * ns-1/*: it goes in March');
}

function report(folder, name, ...args) {
  const file = join(folder, `${name}.html`);
  command('report', ...args, '-o', file, '--date', '2027-01-31');
  return file;
}

function command(...args) {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/istio-mtls'), ...args, '--no-config'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`istio-mtls ${args.join(' ')} ends with ${status}: ${stderr}`);
}

/** Objects that would be refused, and such as would not, with hostile texts and a key wherever one can stand. */
function hostileObjects() {
  const labels = { app: 'web' };
  const pod = (name) => ({ metadata: { labels, annotations: { note: KEY } }, spec: { containers: [{ name: 'app', image: HOSTILE[0], env: [{ name: 'KEY', value: KEY }], command: [name] }] } });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' }, annotations: { note: HOSTILE.join(' ') } } },
    ...HOSTILE.flatMap((text, index) => [
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: text, namespace: 'shop' }, spec: { selector: { matchLabels: labels }, template: pod(text) } },
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `web-${index}`, namespace: text }, spec: { selector: { matchLabels: labels }, template: pod(text) } },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: `web-${index}`, namespace: 'shop' }, spec: { selector: labels, ports: [{ name: text, port: 80 + index }] } },
      { apiVersion: text, kind: text, metadata: { name: `x-${index}`, namespace: 'shop' }, spec: { text } },
      { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: `rule-${index}`, namespace: 'shop' }, spec: { host: text, trafficPolicy: { tls: { mode: text } } } },
      { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name: `entry-${index}`, namespace: 'shop' }, spec: { hosts: [text, `x${index}.example.com`], ports: [{ name: 'tls', number: 443, protocol: text }], resolution: 'DNS' } },
      { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: `peer-${index}`, namespace: 'shop', annotations: { 'acknowledge.istio-mtls/MTLS204': text } }, spec: { selector: { matchLabels: { app: `nobody-${index}` } }, mtls: { mode: 'STRICT' } } },
    ]),
    { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'key', namespace: 'shop' }, spec: { mtls: { mode: KEY } } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData: { 'ca-key.pem': KEY, 'ca-cert.pem': KEY, [HOSTILE[0]]: HOSTILE[1] } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', labels: { key: KEY } }, spec: { selector: { matchLabels: labels }, template: pod('web') } },
  ];
}

/** Clients and a STRICT server in namespaces without Namespaces, and a rule that breaks calls if the server has a sidecar. */
function partialObjects() {
  const workload = (namespace, name) => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace },
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: name, ports: [{ containerPort: 8080 }] }] } } },
  });
  const service = (namespace, name) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank', labels: { 'istio-injection': 'enabled' } } },
    workload('bank', 'ledger'), service('bank', 'ledger'), workload('storefront', 'web'), workload('shop', 'cart'), service('shop', 'cart'),
    { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop' }, spec: { mtls: { mode: 'STRICT' } } },
    { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'cart', namespace: 'bank' }, spec: { host: 'cart.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } } },
    // Nothing serves it: undecided, whoever has a sidecar.
    service('bank', 'audit'),
  ];
}

/** A CA that is its own root, made by openssl. */
function caSecret(folder) {
  const [key, certificate] = ['ca-key.pem', 'ca-cert.pem'].map((name) => join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '300', '-subj', '/O=<b>hostile<\\/b>/CN=Root CA'], { stdio: 'ignore' });
  const read = (file) => readFileSync(file).toString('base64');
  const data = { 'ca-key.pem': read(key), 'ca-cert.pem': read(certificate), 'root-cert.pem': read(certificate), 'cert-chain.pem': read(certificate) };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, type: 'Opaque', data };
}
