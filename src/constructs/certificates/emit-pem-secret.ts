import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { CaTarget, caRefusal } from './ca-target';
import { PemCaProps } from './pem-ca';
import { PemFilesCaProps } from './pem-files-ca';
import { PrivateKeySecret } from './private-key-secret';
import { CaPem, caPemFault } from '../../certificates/ca-pem';
import { CA_SECRET_NAME, CRL_KEY } from '../../certificates/ca-secret';

const KIND = 'Secret';
const ACKNOWLEDGEMENT = 'iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest';

/** Emits the Secret into a chart of its own, which cdk8s writes to a file of its own. */
export function emitPemSecret(target: CaTarget, props: PemCaProps): ApiObject {
  const { caCert, caKey, rootCert, certChain, crl } = props;
  checkAcknowledged(target, props[ACKNOWLEDGEMENT]);
  checkOwnFile(target);
  const pem: CaPem = { 'ca-cert.pem': caCert, 'ca-key.pem': caKey, 'root-cert.pem': rootCert, 'cert-chain.pem': certChain, ...crl !== undefined && { [CRL_KEY]: crl } };
  const fault = caPemFault(pem);
  if (fault) throw caRefusal(target, KIND, fault);
  const chart = new Chart(target.scope, 'private-key', { labels: Chart.of(target.scope).labels });
  return new PrivateKeySecret(chart, 'Resource', { namespace: target.namespace, name: CA_SECRET_NAME, pem });
}

export function emitPemFilesSecret(target: CaTarget, props: PemFilesCaProps): ApiObject {
  checkAcknowledged(target, props[ACKNOWLEDGEMENT]);
  return emitPemSecret(target, {
    [ACKNOWLEDGEMENT]: true,
    caCert: read(target, 'caCertFile', props.caCertFile),
    caKey: read(target, 'caKeyFile', props.caKeyFile),
    rootCert: read(target, 'rootCertFile', props.rootCertFile),
    certChain: read(target, 'certChainFile', props.certChainFile),
    crl: props.crlFile === undefined ? undefined : read(target, 'crlFile', props.crlFile),
  });
}

function checkAcknowledged(target: CaTarget, acknowledged: unknown): void {
  if (acknowledged === true) return;
  throw caRefusal(target, KIND, {
    code: 'MTLS071',
    field: ACKNOWLEDGEMENT,
    actual: 'not true',
    expected: 'true',
    because: "the CA's private key would be in the manifest, unencrypted",
    fix: 'use CaSource.certManager, externalSecret or sealedSecret, or acknowledge it',
  });
}

function checkOwnFile(target: CaTarget): void {
  if (App.of(target.scope).yamlOutputType !== YamlOutputType.FILE_PER_APP) return;
  throw caRefusal(target, KIND, {
    code: 'MTLS072',
    field: 'yamlOutputType of the App',
    actual: 'FILE_PER_APP',
    expected: 'FILE_PER_CHART, or one of the outputs per resource',
    because: "the CA's private key would be in the same file as everything else",
    fix: 'change the output type, or use another source',
  });
}

/** The path is not told, nor the error that holds it: the text itself may have been passed in its place. */
function read(target: CaTarget, field: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw caRefusal(target, KIND, {
      code: 'MTLS077',
      field,
      actual: `a path that can't be read (${(error as NodeJS.ErrnoException).code ?? 'no file'})`,
      expected: 'the path of a PEM file',
      fix: `correct '${field}'; texts go to CaSource.pem`,
    });
  }
}
