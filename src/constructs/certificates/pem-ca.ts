import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { caRefusing, CaTarget, certificateModules } from './ca-emitter';
import { PrivateKeySecret } from './private-key-secret';
import type { CaPem } from '../../certificates/ca-pem';
import { CA_SECRET_NAME, CRL_KEY, CertificateFault } from '../../certificates/ca-secret';
import { Refuse } from '../refuse';

/** A CA as PEM texts. The manifest contains the private key, unencrypted. */
export interface PemCaProps {
  /**
   * Must be `true`, to say that you know: **the CA's private key is written into a manifest, unencrypted**.
   * Anyone who can read that file, or the repository or pipeline it passes through, can sign as any workload of the mesh.
   */
  readonly iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: boolean;

  /** The certificate that istiod signs with, for key `ca-cert.pem`. */
  readonly caCert: string;

  /** Its private key, unencrypted, for key `ca-key.pem`. */
  readonly caKey: string;

  /** The root certificates that proxies trust, for key `root-cert.pem`. */
  readonly rootCert: string;

  /**
   * The certificates that proxies send after their own, for key `cert-chain.pem`: the signing certificate first, then the
   * intermediate CAs up to the root.
   */
  readonly certChain: string;

  /**
   * Certificate revocation lists, for key `ca-crl.pem`: one of each CA in the chain.
   *
   * @default - none
   */
  readonly crl?: string;
}

/** A CA as PEM files, read when the construct is created. The manifest contains the private key, unencrypted. */
export interface PemFilesCaProps {
  /**
   * Must be `true`, to say that you know: **the CA's private key is written into a manifest, unencrypted**.
   * Anyone who can read that file, or the repository or pipeline it passes through, can sign as any workload of the mesh.
   */
  readonly iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: boolean;

  /** Path of the certificate that istiod signs with, for key `ca-cert.pem`. */
  readonly caCertFile: string;

  /** Path of its private key, unencrypted, for key `ca-key.pem`. */
  readonly caKeyFile: string;

  /** Path of the root certificates that proxies trust, for key `root-cert.pem`. */
  readonly rootCertFile: string;

  /**
   * Path of the certificates that proxies send after their own, for key `cert-chain.pem`: the signing certificate first, then
   * the intermediate CAs up to the root.
   */
  readonly certChainFile: string;

  /**
   * Path of certificate revocation lists, for key `ca-crl.pem`: one of each CA in the chain.
   *
   * @default - none
   */
  readonly crlFile?: string;
}

const KIND = 'Secret';
const ACKNOWLEDGEMENT = 'iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest';

/** Emits the Secret in a separate chart, which cdk8s writes to a separate file. */
export function emitPemSecret(target: CaTarget, props: PemCaProps): ApiObject {
  const { caCert, caKey, rootCert, certChain, crl } = props;
  const refuse = caRefusing(target, KIND);
  checkAcknowledged(props[ACKNOWLEDGEMENT], refuse);
  checkOwnFile(target.scope, refuse);
  const pem: CaPem = {
    'ca-cert.pem': caCert,
    'ca-key.pem': caKey,
    'root-cert.pem': rootCert,
    'cert-chain.pem': certChain,
    ...crl !== undefined && { [CRL_KEY]: crl },
  };
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

/** The texts of the files, read only with the acknowledgement. */
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

/** What keeps istiod from starting with a CA, except its dates, which would make synth depend on the day. */
function chainFault(pem: CaPem, { namespace }: CaTarget): CertificateFault | undefined {
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
    code: 'API071',
    field: ACKNOWLEDGEMENT,
    actual: 'not true',
    expected: 'true',
    because: "the CA's private key would be in the manifest, unencrypted",
    fix: `use CaSource.certManager, externalSecret or sealedSecret, or set '${ACKNOWLEDGEMENT}' to true`,
  });
}

function checkOwnFile(scope: Construct, refuse: Refuse): void {
  if (App.of(scope).yamlOutputType !== YamlOutputType.FILE_PER_APP) return;
  throw refuse({
    code: 'API072',
    field: 'yamlOutputType of the App',
    actual: 'FILE_PER_APP',
    expected: 'FILE_PER_CHART, or an output type per resource',
    because: "the CA's private key would be in the same file as everything else",
    fix: 'change the output type, or use another source',
  });
}

/** Never shows the path, or an error that contains it: a private key may have been passed in its place. */
function read(field: string, path: string, refuse: Refuse): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse({
      code: 'API077',
      field,
      actual: `a path that can't be read (${(error as NodeJS.ErrnoException).code ?? 'no file'})`,
      expected: 'the path of a PEM file',
      fix: `correct '${field}', or pass texts to CaSource.pem`,
    });
  }
}
