import { RunbookContext } from './focus';
import { isDnsName, logsOf, podNamesOf } from './pod-names';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { titleOf } from '../../findings/object-identity';
import { mapping } from '../../manifests/mapping';
import { IstiodCa, istiodCa } from '../../mesh/certificates/istiod-ca';
import { isOf, KIND, kindOf } from '../../mesh/inventory/kinds';
import { Workload } from '../../mesh/workloads/workload';
import { objectsOf } from '../input/reading';
import { code, list, Section, shell } from '../output/markdown';

/** The certificates of proxies: issuer and validity. */
export function certificates({ focus: { proxies }, istiodNamespace, istiods, mesh, report }: RunbookContext): Section {
  const holdsSecret = objectsOf(report.reading)
    .some(({ object }) => isOf(kindOf(object), KIND.Secret) && isNamed(object.metadata, CA_SECRET_NAME, istiodNamespace));
  return {
    title: 'Certificates: who issued them, and until when are they valid?',
    blocks: [
      ...proxies.length > 0 ? [
        'What a proxy holds. `default` is its own certificate and `ROOTCA` the roots it trusts; both are `ACTIVE`, VALID CERT is true, '
          + 'and NOT AFTER of `default` is at most a day away unless the lifetime was changed:',
        shell(...proxies.map((proxy) => `istioctl proxy-config secret ${podNamesOf(proxy)!.istioctl}`)),
        'The certificate itself:',
        shell(
          `istioctl proxy-config secret ${podNamesOf(proxies[0])!.istioctl} -o json \\`,
          '  | jq -r \'.dynamicActiveSecrets[] | select(.name == "default") | .secret.tlsCertificate.certificateChain.inlineBytes\' \\',
          '  | base64 -d | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
        ),
        `Its subject alternative name is the identity of the pod's service account: ${proxies.map(identityText).join(', ')}. `
          + 'A different identity means a different service account or trust domain. The sidecar gets it over SDS and keeps it in memory; '
          + 'the files in `/etc/certs` that older documentation mentions no longer exist.',
      ] : [],
      `Who signs: ${signerText(istiodCa(mesh.objects.caObjects, istiodNamespace), holdsSecret)}. istiod logs which one when it starts:`,
      shell(
        `kubectl get secret -n ${istiodNamespace} cacerts istio-ca-secret --ignore-not-found`,
        ...istiods.map((istiod) => `${logsOf(istiod, istiodNamespace)} | grep -E 'Use (local CA|self-signed) certificate'`),
      ),
      list(
        '`Use local CA certificate`: istiod signs with the CA in Secret `cacerts`.',
        '`Use self-signed certificate as the CA certificate`: istiod signs with its own CA. If you relied on '
          + '`cacerts`, there are two roots.',
      ),
    ],
  };
}

function isNamed(metadata: unknown, name: string, namespace: string): boolean {
  const named = mapping(metadata);
  return named.name === name && named.namespace === namespace;
}

/** @param holdsSecret whether the manifests hold Secret `cacerts`, usable or not */
function signerText(ca: IstiodCa | undefined, holdsSecret: boolean): string {
  const secret = `the Secret ${code(CA_SECRET_NAME)}`;
  const source = ca?.object ? code(titleOf(ca.object)) : '';
  switch (ca?.kind) {
    case 'secret': return isOf(ca.object!, KIND.Secret)
      ? `the manifests hold ${secret}, a CA of your own`
      : `the manifests hold ${secret}, a CA of your own, and ${source}, which makes it`;
    case 'source': return `the manifests hold ${source}, which makes ${secret}, a CA of your own`;
    case 'own': return 'the manifests hold the Secret of a CA that istiod generated';
    default: return holdsSecret
      ? `the manifests hold ${secret}, which istiod can't sign with`
      : `the manifests hold no Secret ${code(CA_SECRET_NAME)}, so istiod signs with a CA of its own unless the cluster has one`;
  }
}

function identityText({ identity, namespace, name }: Workload): string {
  return `${code(identity)} for ${code(`${namespace}/${name}`)}`;
}

/** How many namespaces are compared. */
const SHOWN = 10;

/** Whether proxies trust one another. */
export function rootsOfTrust({ focus: { proxies, namespaces } }: RunbookContext): Section {
  const [first, second] = proxies;
  const names = namespaces.slice(0, SHOWN).map(({ namespace }) => namespace).filter(isDnsName);
  return {
    title: 'The root of trust, compared',
    blocks: [
      ...second ? [
        'Two proxies that don\'t trust the same root can\'t communicate: the client gets a 503, '
          + 'and its sidecar logs `CERTIFICATE_VERIFY_FAILED`. Both must have the same root:',
        shell(`istioctl proxy-config rootca-compare ${podNamesOf(first)!.istioctl} ${podNamesOf(second)!.istioctl}`),
      ] : ['The manifests contain fewer than two proxies to compare.'],
      ...names.length > 0 ? [
        'The root that istiod distributes to every namespace, in the ConfigMap `istio-ca-root-cert`. All must print the same fingerprint:',
        shell(
          `for namespace in ${names.join(' ')}; do`,
          '  kubectl get configmap istio-ca-root-cert -n "$namespace" -o jsonpath=\'{.data.root-cert\\.pem}\' | openssl '
            + 'x509 -noout -fingerprint -sha256',
          'done',
        ),
      ] : [],
    ],
  };
}
