// A real istiod with a CA plugged in: what it says of it, and the certificates that it signs.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { type ControlPlane } from '../node/control-plane';
import { goBinary } from '../node/go-binary';
import { type IstiodAddresses, istiodCommand, startIstiodAlone } from '../node/istiod';

/** The files of a CA by the keys of the Secret. */
export type CaTexts = Readonly<Record<string, string>>;

/** What a workload gets from istiod. */
export interface Signed {
  readonly certificate: string;
  readonly chain: string;
  readonly roots: string;
}

/** What istiod says when it has looked at changed files and leaves them. */
const REFUSALS = [
  'Multi root is disabled, updating new ROOT-CA not supported', 'Updating new ROOT-CA not supported', 'Failed to update new Plug-in CA certs',
];
export const TAKEN = 'Istiod has detected the newly added intermediate CA and updated its key and certs accordingly';
/** What it says once it has taken revocation lists. */
export const LISTS_TAKEN = 'Istiod has detected the newly added CRL file and updated its CRL accordingly';
/** What it says of its CA besides. */
const SAID = [
  'Using kubernetes.io/tls secret type for signing ca files', 'Using istiod file format for signing ca files', 'Detected CRL file', 'Use local CA certificate',
  'Use self-signed certificate as the CA certificate', 'Updating new ROOT-CA', 'Updating CRL data', LISTS_TAKEN, TAKEN, ...REFUSALS,
];

const WITHIN_MS = 30_000;

export class PluggedIstiod {
  /** Starts istiod with the files mounted; answers once it is ready. */
  static async start(
    controlPlane: ControlPlane, name: string, files: CaTexts, environment: NodeJS.ProcessEnv = {},
  ): Promise<PluggedIstiod> {
    const folder = join(controlPlane.processes.folder, name);
    mount(folder, files, 0);
    const addresses = await startIstiodAlone(controlPlane, name, { ...environment, ROOT_CA_DIR: join(folder, 'cacerts') });
    return new PluggedIstiod(name, controlPlane, folder, addresses);
  }

  private seen = 0;
  private version = 0;

  private constructor(
    private readonly name: string, private readonly controlPlane: ControlPlane, private readonly folder: string,
    private readonly addresses: IstiodAddresses,
  ) {}

  /** What istiod has said of its CA since it was asked last, each once. */
  said(): readonly string[] {
    const text = this.controlPlane.processes.textOf(this.name);
    const lines = text.slice(this.seen, text.lastIndexOf('\n') + 1).split('\n');
    this.seen = text.lastIndexOf('\n') + 1;
    return [...new Set(lines.flatMap((line) => SAID.filter((one) => line.endsWith(`\t${one}`) || line.includes(`\t${one}: `))))];
  }

  /** Changes the Secret's files as the kubelet does, and answers what istiod says of that, once it has taken revocation lists or looked at the rest. */
  async replace(files: CaTexts): Promise<readonly string[]> {
    this.said();
    this.version += 1;
    mount(this.folder, files, this.version);
    const said: string[] = [];
    const hasLists = files['ca-crl.pem'] !== undefined;
    await within('istiod has looked at its CA again', () => {
      said.push(...this.said());
      return said.some((line) => REFUSALS.includes(line)) || (said.includes(TAKEN) && (!hasLists || said.includes(LISTS_TAKEN)));
    });
    return [...new Set(said)];
  }

  /**
   * Asks for a workload's certificate as its sidecar does.
   *
   * @param trusted by what istiod's own certificate is verified
   */
  async sign(request: string, token: string, trusted: readonly string[]): Promise<Signed> {
    const chain = await createCertificate(this.addresses.secure, request, token, trusted);
    return { certificate: chain[0], chain: chain.slice(1, -1).join(''), roots: chain[chain.length - 1] };
  }

  /** When a metric says that something ends. */
  async endBy(metric: string): Promise<Date | undefined> {
    const text = await (await fetch(`${this.addresses.monitoring}/metrics`)).text();
    const value = text.split('\n').find((line) => line.startsWith(`${metric} `))?.split(' ')[1];
    return value === undefined ? undefined : new Date(Number(value) * 1000);
  }
}

/** Why istiod ends when it is started with a CA; undefined: it goes on. */
export async function refusedStart(controlPlane: ControlPlane, name: string, files: CaTexts): Promise<string | undefined> {
  const folder = join(controlPlane.processes.folder, name);
  mount(folder, files, 0);
  const { args, env } = await istiodCommand(controlPlane, name, { ROOT_CA_DIR: join(folder, 'cacerts') });
  const { status, stdout, stderr } = spawnSync(goBinary('istiod'), args, { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8', timeout: WITHIN_MS, maxBuffer: 2 ** 28 });
  if (status === null) return undefined;
  return /failed to create an istiod CA: (.*)/.exec(`${stdout}${stderr}`)?.[1] ?? `it ended with ${status}`;
}

/** As the kubelet mounts a Secret: names lead into `..data`, which leads to another folder with each change. */
function mount(folder: string, files: CaTexts, version: number): void {
  const [mounted, content] = [join(folder, 'cacerts'), join(folder, `version-${version}`)];
  mkdirSync(mounted, { recursive: true });
  mkdirSync(content);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(content, name), text, { mode: 0o600 });
  symlinkSync(content, join(mounted, '..data_tmp'));
  renameSync(join(mounted, '..data_tmp'), join(mounted, '..data'));
  for (const name of Object.keys(files)) if (!readdirSync(mounted).includes(name)) symlinkSync(join('..data', name), join(mounted, name));
}

export async function within(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WITHIN_MS; !(await isSo());) {
    if (Date.now() > end) throw new Error(`${what}: not so after ${WITHIN_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Whether a certificate is signed by the key of another. */
export function isSignedBy(certificate: string, signer: string): boolean {
  return new X509Certificate(certificate).verify(new X509Certificate(signer).publicKey);
}

// ------------------------------------------------------------------------------------------------- gRPC

const METHOD = '/istio.v1.auth.IstioCertificateService/CreateCertificate';
const ISTIOD = 'istiod.istio-system.svc';

function createCertificate(address: string, request: string, token: string, trusted: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://${address}`, { ca: [...trusted], servername: ISTIOD });
    const fail = (error: Error): void => {
      session.destroy();
      reject(error);
    };
    session.once('error', fail);
    const stream = session.request({ ':method': 'POST', ':path': METHOD, 'content-type': 'application/grpc', 'te': 'trailers', 'authorization': `Bearer ${token}` });
    const chunks: Buffer[] = [];
    let status: Readonly<Record<string, unknown>> = {};
    stream.on('response', (headers) => { status = { ...status, ...headers }; });
    stream.on('trailers', (trailers) => { status = { ...status, ...trailers }; });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', fail);
    stream.once('end', () => {
      session.close();
      if (status['grpc-status'] !== '0') reject(new Error(`istiod signed nothing: ${String(status['grpc-message'])}`));
      else resolve(textsOf(Buffer.concat(chunks).subarray(HEADER)));
    });
    stream.end(messageOf(request));
  });
}

/** Whether it is compressed, and its length, precede a message. */
const HEADER = 5;
/** Field 1, a text: the request's `csr`, and the answer's `cert_chain`. */
const FIELD = 0x0a;

function messageOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const body = Buffer.concat([Buffer.from([FIELD, ...varint(bytes.length)]), bytes]);
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
}

function varint(number: number): number[] {
  return number < 0x80 ? [number] : [number % 0x80 + 0x80, ...varint(Math.floor(number / 0x80))];
}

/** The texts of a message that has one field. */
function textsOf(message: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < message.length;) {
    if (message[at] !== FIELD) throw new Error(`an answer with a field ${message[at]}; expected cert_chain alone`);
    let [length, factor] = [0, 1];
    do {
      at += 1;
      length += (message[at] % 0x80) * factor;
      factor *= 0x80;
    } while (message[at] >= 0x80);
    texts.push(message.toString('utf8', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return texts;
}
