import { certificateText } from '../../certificates/ca-fault';
import { isTrusted } from '../../certificates/ca-step';
import { istiodCa, isMadeByIstiod, trustedBundles } from '../../mesh/certificates/istiod-ca';
import { istiodNamespaces, knownTrustDomain } from '../../mesh/certificates/plugged-ca';
import { unusedCas } from '../../mesh/certificates/workload-ca';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const untrustedCa: Rule = {
  code: 'MTLS726',
  name: 'untrusted-ca',
  severity: 'warning',
  title: 'Running proxies don\'t trust the CA in Secret cacerts',
  reads: ['Secret', 'Certificate', 'ExternalSecret', 'SealedSecret'],
  * find({ mesh, signingIstiods }: Evidence) {
    const unused = new Set(unusedCas(mesh, signingIstiods).map(({ object }) => object));
    const bundles = trustedBundles(mesh);
    for (const namespace of istiodNamespaces(mesh)) {
      const ca = istiodCa(mesh.objects.caObjects, namespace);
      if (!ca?.object || ca.kind === 'own' || unused.has(ca.object)) continue;
      const trustDomain = knownTrustDomain(mesh, namespace) ?? 'cluster.local';
      const bundle = bundles.find((roots) => (
        isTrusted(ca, roots) === false || (ca.kind === 'source' && isMadeByIstiod(roots, trustDomain))));
      if (!bundle) continue;
      const trusted = bundle.map(certificateText).join(' and ');
      yield {
        object: ca.object,
        field: ['metadata', 'name'],
        actual: `for ${ca.own ? certificateText(ca.own) : `the CA of ${objectText(ca.object)}`}, `
          + `but proxies trust ${trusted} according to ConfigMap istio-ca-root-cert`,
        expected: 'a CA below a root that proxies already trust',
        because: 'proxies renew their certificates one by one, and proxies with the roots of one CA reject certificates of the other',
        fix: `follow the stages of istio-mtls ca rotate --from ${isMadeByIstiod(bundle, trustDomain) ? 'self-signed' : 'OLD_CA'} --to `
          + 'NEW_CA, with CaRotation instead of CustomCa',
      };
    }
  },
};
