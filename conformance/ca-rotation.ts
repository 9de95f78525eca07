// What a real istiod makes of the stages from one CA to another: node conformance ca-rotation. It starts beside a real API server with
// a stage's Secret as its folder of certificates, and meets the next stage while it runs; its serving certificate tells which CA signs,
// and the ConfigMap of a namespace which roots it hands out. Needs a compiled lib/, and Go.
import { spawn, type ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { CaTexts } from './cas/plugged-istiod';
import { libraryModule } from './library';
import { withApiServer } from './node/api-server';
import { freePorts } from './node/control-plane';
import { goBinary } from './node/go-binary';
import { KubeClient, type ServerConnection } from './node/kube-client';
import { main } from './node/main';
import { secretOf } from './rotations/rotating-cas';
import type { RotationStage } from '../src/certificates/ca-rotation';
import { newCa } from '../test/support/certificates/cacerts';
import { certificate } from '../test/support/certificates/x509';

const { CaSource } = libraryModule('constructs/certificates/ca-source');
const { RotatingCa } = libraryModule('constructs/certificates/rotating-ca');

const own = certificate({ commonName: 'istiod itself', ca: true, keyUsage: [5, 6] });
const next = newCa();
const oldRoot = certificate({ commonName: 'old root', ca: true, keyUsage: [5, 6] });
const oldCa = certificate({ commonName: 'old CA', issuer: oldRoot, ca: true, pathLength: 0, keyUsage: [5, 6] });

const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
const pluggedIn = RotatingCa.ofSource(CaSource.pem({
  ...acknowledged, caCert: oldCa.pem, caKey: oldCa.keyPem, rootCert: oldRoot.pem, certChain: oldCa.pem + oldRoot.pem,
}));

/** What a stage's Secret holds. */
function filesOf(stage: RotationStage, from = RotatingCa.selfSigned(own.pem)): CaTexts {
  return secretOf(from, RotatingCa.ofSource(CaSource.pem({ ...acknowledged, ...next.props })), stage);
}

interface Trial {
  readonly name: string;
  readonly files: CaTexts;
  /** USE_CACERTS_FOR_SELF_SIGNED_CA. */
  readonly isFlagSet: boolean;
  /** What takes their place when istiod runs. */
  readonly later?: CaTexts;
  /** ISTIO_MULTIROOT_MESH. */
  readonly isMultiRoot?: boolean;
  /** The CA that signs and the roots in the ConfigMap; `stops` where istiod ends by itself. */
  readonly expected: string;
}

const SELF = 'signs with istiod itself';
const NEW = 'signs with istiod-ca';
const stages = { both: filesOf('trust-both'), sign: filesOf('sign-with-new'), only: filesOf('trust-new') };
/** A Secret whose writer leaves keys in that it doesn't write. */
const marked: CaTexts = { ...stages.sign, 'istio-generated': '' };

const TRIALS: readonly Trial[] = [
  { name: 'no Secret', files: {}, isFlagSet: false, expected: `${SELF}, trusts istiod itself` },
  { name: 'no Secret, with the variable', files: {}, isFlagSet: true, expected: `${SELF}, trusts istiod itself` },
  { name: 'trust-both, with the variable', files: stages.both, isFlagSet: true, expected: `${SELF}, trusts istiod itself, istiod itself, root` },
  { name: 'trust-both, without the variable', files: stages.both, isFlagSet: false, expected: 'stops' },
  { name: 'sign-with-new, with the variable', files: stages.sign, isFlagSet: true, expected: `${NEW}, trusts istiod itself, root` },
  { name: 'sign-with-new, with the variable and a mark left in', files: marked, isFlagSet: true, expected: `${SELF}, trusts istiod itself, istiod itself, root` },
  { name: 'sign-with-new, with a mark left in', files: marked, isFlagSet: false, expected: `${NEW}, trusts istiod itself, root` },
  { name: 'sign-with-new', files: stages.sign, isFlagSet: false, expected: `${NEW}, trusts istiod itself, root` },
  { name: 'trust-new', files: stages.only, isFlagSet: false, expected: `${NEW}, trusts root` },
];

const plugged = {
  both: filesOf('trust-both', pluggedIn),
  sign: filesOf('sign-with-new', pluggedIn),
  only: filesOf('trust-new', pluggedIn),
};
const before: CaTexts = { ...plugged.both, 'root-cert.pem': oldRoot.pem };
const [OLD, BOTH] = ['signs with old CA', 'old root, root'];

const CHANGES: readonly Trial[] = [false, true].flatMap((isMultiRoot) => {
  const flag = isMultiRoot ? 'with ISTIO_MULTIROOT_MESH' : 'without ISTIO_MULTIROOT_MESH';
  const change = (name: string, files: CaTexts, later: CaTexts, expected: string): Trial =>
    ({ name: `${name}, ${flag}`, files, later, isFlagSet: false, isMultiRoot, expected });
  return [
    change('to trust-both', before, plugged.both, `${OLD}, trusts ${isMultiRoot ? BOTH : 'old root'}`),
    change('to sign-with-new', plugged.both, plugged.sign, `${NEW}, trusts ${BOTH}`),
    change('to trust-new', plugged.sign, plugged.only, `${NEW}, trusts ${isMultiRoot ? 'root' : BOTH}`),
    change('over all stages at once', before, plugged.only, `${OLD}, trusts old root`),
  ];
});

const commonName = (name: string): string => /CN=(.*)/.exec(name)?.[1] ?? name;
const pause = () => new Promise((resolve) => setTimeout(resolve, 500));
const CONFIG_MAP = '/api/v1/namespaces/shop/configmaps/istio-ca-root-cert';
const WITHIN_MS = 90_000;
/** What istiod hasn't taken by then, it doesn't take. */
const TAKEN_WITHIN_MS = 8_000;

async function judged(trial: Trial, client: KubeClient, folder: string, kubeconfig: string): Promise<string> {
  const { files, isFlagSet, later, isMultiRoot = false, expected } = trial;
  mkdirSync(folder);
  write(folder, files);
  await client.send('DELETE', CONFIG_MAP);
  const [http, https, grpc, secure, monitoring] = await freePorts(5);
  const istiod = spawn(goBinary('istiod'), [
    'discovery', `--kubeconfig=${kubeconfig}`, `--httpAddr=127.0.0.1:${http}`, `--httpsAddr=127.0.0.1:${https}`, `--grpcAddr=127.0.0.1:${grpc}`,
    `--secureGRPCAddr=127.0.0.1:${secure}`, `--monitoringAddr=127.0.0.1:${monitoring}`, '--ctrlz_port=0',
  ], { cwd: folder, stdio: 'ignore', env: { ...process.env, POD_NAMESPACE: 'istio-system', POD_NAME: 'istiod', CLUSTER_ID: 'Kubernetes', ROOT_CA_DIR: folder, USE_CACERTS_FOR_SELF_SIGNED_CA: String(isFlagSet), ISTIO_MULTIROOT_MESH: String(isMultiRoot) } });
  try {
    const first = await told(istiod, client, http, secure);
    if (!later) return first;
    write(folder, later);
    for (const end = Date.now() + TAKEN_WITHIN_MS; Date.now() < end; await pause()) {
      const now = await told(istiod, client, http, secure);
      if (now !== first && now === expected) return now;
    }
    return await told(istiod, client, http, secure);
  } finally {
    const ended = new Promise((resolve) => (istiod.exitCode === null ? istiod.once('close', resolve) : resolve(undefined)));
    istiod.kill('SIGKILL');
    await ended;
  }
}

function write(folder: string, files: CaTexts): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
}

/** What istiod says of itself once it is ready. */
async function told(istiod: ChildProcess, client: KubeClient, http: number, secure: number): Promise<string> {
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await pause()) {
    if (istiod.exitCode !== null) return 'stops';
    if (!await answers(`http://127.0.0.1:${http}/ready`)) continue;
    const { status, body } = await client.get(CONFIG_MAP);
    if (status !== 200) continue;
    const roots: string[] = body.data['root-cert.pem'].match(/-----BEGIN[^]*?END CERTIFICATE-----/g);
    return `signs with ${await issuerAt(secure)}, trusts ${roots.map((pem) => commonName(new X509Certificate(pem).subject)).join(', ')}`;
  }
  return 'says nothing';
}

const answers = (url: string) => new Promise<boolean>((resolve) => get(url, (response) => {
  response.resume();
  resolve(response.statusCode === 200);
}).once('error', () => resolve(false)));

/** Who signed the certificate that a port serves with. */
const issuerAt = (port: number) => new Promise<string>((resolve, reject) => {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
    resolve(commonName(socket.getPeerX509Certificate()!.issuer));
    socket.destroy();
  }).once('error', reject);
});

async function prepare(client: KubeClient): Promise<void> {
  const create = async (path: string, object: object): Promise<void> => {
    const { status, text } = await client.post(path, JSON.stringify(object));
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
  };
  for (const name of ['istio-system', 'shop']) await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const data = { 'ca-cert.pem': own.pem, 'ca-key.pem': own.keyPem };
  await create('/api/v1/namespaces/istio-system/secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'istio-ca-secret' }, stringData: data });
}

function kubeconfigIn(folder: string, { url, token, ca }: ServerConnection): string {
  const path = join(folder, 'kubeconfig-of-trials');
  writeFileSync(path, JSON.stringify({
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'one',
    'clusters': [{ name: 'one', cluster: { 'server': url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    'users': [{ name: 'one', user: { token } }], 'contexts': [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
  }), { mode: 0o600 });
  return path;
}

void main(() => withApiServer(undefined, async (client, connection) => {
  await prepare(client);
  const folder = mkdtempSync(join(tmpdir(), 'ca-rotation-'));
  try {
    const kubeconfig = kubeconfigIn(folder, connection);
    let wrong = 0;
    for (const [index, trial] of [...TRIALS, ...CHANGES].entries()) {
      const found = await judged(trial, client, join(folder, `trial-${index}`), kubeconfig);
      const isRight = found === trial.expected;
      wrong += isRight ? 0 : 1;
      console.log(`${isRight ? 'ok' : 'NO'}  ${trial.name}: istiod ${found}${isRight ? '' : `; expected: ${trial.expected}`}`);
    }
    return wrong > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}));
