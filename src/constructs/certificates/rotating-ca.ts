import { CaTarget, caRefusing, certificateModules, ProxyTrust } from './ca-emitter';
import { CaSource } from './ca-source';
import { FOUR_KEY_FORM } from '../../certificates/ca-secret';
import type { PublicCa } from '../../certificates/trusted-roots';
import { checkMadeBy, Refuse } from '../refuse';

/**
 * One of the two CAs of a CaRotation.
 *
 * The CaRotation that uses it reports its errors. Errors and its string form never show its values.
 */
export class RotatingCa {
  /**
   * The CA that istiod generated, in Secret `istio-ca-secret`, which signs in a mesh without Secret `cacerts`. It can only be
   * the old CA of a rotation. Its private key isn't needed.
   *
   * @param rootCert PEM of its certificate, which is a root. `kubectl get secret istio-ca-secret -n istio-system -o
   * jsonpath='{.data.ca-cert\.pem}' | base64 -d` prints it
   */
  public static selfSigned(rootCert: string): RotatingCa {
    return new RotatingCa((side, target) => ({ ca: rootsOf(side, rootCert, caRefusing(target, 'Secret')) }));
  }

  /**
   * The CA of a source, as for a CustomCa.
   *
   * @param rootCert PEM of its roots, which are public certificates. Required unless the source is PEM, which has them: the
   * library can't read a vault or a SealedSecret
   */
  public static ofSource(source: CaSource, rootCert?: string): RotatingCa {
    return new RotatingCa((side, target) => {
      const refuse = caRefusing(target, 'Secret');
      checkMadeBy('CaSource', { field: `${side}'s source`, value: source, member: '_emit' }, refuse);
      const certificates = source._certificates(target);
      if (!certificates) return { ca: rootsOf(side, rootCert, refuse), source };
      const { hasSameRoots, publicCa, publicPemFault, readCertificates } = certificateModules();
      const { caCert, certChain, rootCert: ownRoots, crl } = certificates;
      for (const [key, text] of [[FOUR_KEY_FORM[0], caCert], [FOUR_KEY_FORM[3], certChain], [FOUR_KEY_FORM[2], ownRoots]]) {
        const fault = publicPemFault(key, text);
        if (fault) throw refuse(fault);
      }
      const ca = publicCa(ownRoots, readCertificates(caCert).certificates[0]);
      checkRoots(side, ca, certChain, refuse);
      if (rootCert !== undefined && !hasSameRoots(ca, rootsOf(side, rootCert, refuse))) throw refuse(otherRoots(side));
      return { ca, source, crl };
    });
  }

  // A function, not the texts: printing a CA can't reveal them.
  private constructor(private readonly read: (side: Side, target: CaTarget) => ReadRotatingCa) {}

  /** @internal */
  public _read(side: Side, target: CaTarget): ReadRotatingCa {
    return this.read(side, target);
  }
}

/** The prop of the CA. */
export type Side = 'from' | 'to';

/** A RotatingCa, read and checked. */
export interface ReadRotatingCa {
  readonly ca: PublicCa;
  /** Undefined: the CA that istiod generated. */
  readonly source?: CaSource;
  readonly crl?: string;
}

function rootsOf(side: Side, rootCert: string | undefined, refuse: Refuse): PublicCa {
  if (rootCert === undefined) {
    throw refuse({
      code: 'API057',
      field: `${side}'s rootCert`,
      actual: 'missing',
      expected: 'the roots of the CA as PEM',
      because: 'the library can\'t read the source, and the Secret needs both roots',
      fix: `pass the root certificates, which are public, to '${side}'`,
    });
  }
  const { publicCa, rootsFault } = certificateModules();
  const fault = rootsFault(`${side}'s rootCert`, rootCert);
  if (fault) throw refuse(fault);
  return publicCa(rootCert);
}

function checkRoots(side: Side, ca: PublicCa, certChain: string, refuse: Refuse): void {
  const { leadsToRoots, readCertificates } = certificateModules();
  if (leadsToRoots(ca, readCertificates(certChain).certificates)) return;
  throw refuse({
    code: 'API057',
    field: `${side}'s root-cert.pem`,
    actual: 'without the root that its chain leads to',
    expected: 'the root above the certificate that istiod signs with',
    because: 'without it istiod doesn\'t start, and the other CA\'s root would hide that',
    fix: `pass the root of that chain to '${side}'`,
  });
}

function otherRoots(side: Side): Parameters<Refuse>[0] {
  return {
    code: 'API057',
    field: `${side}'s rootCert`,
    actual: 'different from the roots of the source',
    expected: 'the roots of the source, or nothing',
    because: 'proxies trust those of the source',
    fix: 'remove it',
  };
}

/** The roots and revocation lists of both CAs; rejects lists of only one. */
export function trustOf(rootCert: string, from: ReadRotatingCa, to: ReadRotatingCa, refuse: Refuse): ProxyTrust {
  if (from.crl === undefined && to.crl === undefined) return { rootCert };
  if (from.crl !== undefined && to.crl !== undefined) return { rootCert, crl: `${from.crl.trimEnd()}\n${to.crl.trimEnd()}\n` };
  throw refuse({
    code: 'API058',
    field: 'crl',
    actual: `given only for '${from.crl === undefined ? 'to' : 'from'}'`,
    expected: 'revocation lists of both CAs, or of neither',
    because: 'a proxy that has lists rejects the certificates of every CA that has none',
    fix: 'remove the lists until the rotation is complete, or pass those of both',
  });
}
