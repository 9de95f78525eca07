import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { caRefusing, CaTarget, certificateModules } from './ca-emitter';
import { PrivateKeySecret } from './private-key-secret';
import type { CaPem } from '../../certificates/ca-pem';
import { CA_SECRET_NAME, CRL_KEY, Fault } from '../../certificates/ca-secret';
import { Refuse } from '../refuse';

/** A CA as PEM texts. The private key will be in a manifest, unencrypted. */
export interface PemCaProps {
  /**
   * Must be `true`, to say that you know: **the CA's private key is written into a manifest, unencrypted**.
   * Anyone who can read that file, or the repository or pipeline it passes through, can sign as any workload of the mesh.
   */
  readonly iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: boolean;

  /** The certificate that istiod signs with, for the key `ca-cert.pem`. */
  readonly caCert: string;

  /** Its private key, not encrypted, for the key `ca-key.pem`. */
  readonly caKey: string;

  /** The root certificates that proxies trust, for the key `root-cert.pem`. */
  readonly rootCert: string;

  /**
   * The certificates that proxies send after their own, for the key `cert-chain.pem`: the signing certificate
   * first, then what leads to the root.
   */
  readonly certChain: string;

  /**
   * Revocation lists, for the key `ca-crl.pem`; one of each CA in the chain.
   *
   * @default - none
   */
  readonly crl?: string;
}

/** A CA as PEM files, read at synth. The private key will be in a manifest, unencrypted. */
export interface PemFilesCaProps {
  /**
   * Must be `true`, to say that you know: **the CA's private key is written into a manifest, unencrypted**.
   * Anyone who can read that file, or the repository or pipeline it passes through, can sign as any workload of the mesh.
   */
  readonly iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: boolean;

  /** Path of the certificate that istiod signs with, for the key `ca-cert.pem`. */
  readonly caCertFile: string;

  /** Path of its private key, not encrypted, for the key `ca-key.pem`. */
  readonly caKeyFile: string;

  /** Path of the root certificates that proxies trust, for the key `root-cert.pem`. */
  readonly rootCertFile: string;

  /**
   * Path of the certificates that proxies send after their own, for the key `cert-chain.pem`: the signing
   * certificate first, then what leads to the root.
   */
  readonly certChainFile: string;

  /**
   * Path of revocation lists, for the key `ca-crl.pem`; one of each CA in the chain.
   *
   * @default - none
   */
  readonly crlFile?: string;
}

const KIND = 'Secret';
const ACKNOWLEDGEMENT = 'iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest';

/** Emits the Secret into a chart of its own, which cdk8s writes to a file of its own. */
export function emitPemSecret(target: CaTarget, props: PemCaProps): ApiObject {
  const { caCert, caKey, rootCert, certChain, crl } = props;
  const refuse = caRefusing(target, KIND);
  checkAcknowledged(props[ACKNOWLEDGEMENT], refuse);
  checkOwnFile(target.scope, refuse);
  const pem: CaPem = { 'ca-cert.pem': caCert, 'ca-key.pem': caKey, 'root-cert.pem': rootCert, 'cert-chain.pem': certChain, ...crl !== undefined && { [CRL_KEY]: crl } };
  const fault = certificateModules().caPemFault(pem) ?? chainFault(pem, target);
  if (fault) throw refuse(fault);
  const { trust } = target;
  const trusted: CaPem = trust ? { ...pem, 'root-cert.pem': trust.rootCert, ...trust.crl !== undefined && { [CRL_KEY]: trust.crl } } : pem;
  const chart = new Chart(target.scope, 'private-key', { labels: Chart.of(target.scope).labels });
  return new PrivateKeySecret(chart, 'Resource', { namespace: target.namespace, name: CA_SECRET_NAME, pem: trusted });
}

export function emitPemFilesSecret(target: CaTarget, props: PemFilesCaProps): ApiObject {
  return emitPemSecret(target, readPemFiles(target, props));
}

/** The texts of the files, for which somebody must have acknowledged that they are read. */
export function readPemFiles(target: CaTarget, props: PemFilesCaProps): PemCaProps {
  const refuse = caRefusing(target, KIND);
  checkAcknowledged(props[ACKNOWLEDGEMENT], refuse);
  return {
    [ACKNOWLEDGEMENT]: true,
    caCert: read('caCertFile', props.caCertFile, refuse),
    caKey: read('caKeyFile', props.caKeyFile, refuse),
    rootCert: read('rootCertFile', props.rootCertFile, refuse),
    certChain: read('certChainFile', props.certChainFile, refuse),
    crl: props.crlFile === undefined ? undefined : read('crlFile', props.crlFile, refuse),
  };
}

/** What keeps istiod from starting with a CA; not its dates, which a synth of another day would judge otherwise. */
function chainFault(pem: CaPem, { namespace }: CaTarget): Fault | undefined {
  const { caFilesOf, judgeCa } = certificateModules();
  const files = caFilesOf(new Map(Object.entries(pem)))!;
  const found = judgeCa(files, { horizonDays: 0, istiodNamespace: namespace }).find(({ consequence }) => consequence === 'refused');
  if (!found) return undefined;
  const { code, role, actual, expected, because, fix } = found;
  return { code, field: files.names[role], actual, expected, because, fix };
}

function checkAcknowledged(acknowledged: unknown, refuse: Refuse): void {
  if (acknowledged === true) return;
  throw refuse({
    code: 'MTLS071',
    field: ACKNOWLEDGEMENT,
    actual: 'not true',
    expected: 'true',
    because: "the CA's private key would be in the manifest, unencrypted",
    fix: 'use CaSource.certManager, externalSecret or sealedSecret, or acknowledge it',
  });
}

function checkOwnFile(scope: Construct, refuse: Refuse): void {
  if (App.of(scope).yamlOutputType !== YamlOutputType.FILE_PER_APP) return;
  throw refuse({
    code: 'MTLS072',
    field: 'yamlOutputType of the App',
    actual: 'FILE_PER_APP',
    expected: 'FILE_PER_CHART, or one of the outputs per resource',
    because: "the CA's private key would be in the same file as everything else",
    fix: 'change the output type, or use another source',
  });
}

/** The path is not told, nor the error that holds it: the text itself may have been passed in its place. */
function read(field: string, path: string, refuse: Refuse): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse({
      code: 'MTLS077',
      field,
      actual: `a path that can't be read (${(error as NodeJS.ErrnoException).code ?? 'no file'})`,
      expected: 'the path of a PEM file',
      fix: `correct '${field}'; texts go to CaSource.pem`,
    });
  }
}
