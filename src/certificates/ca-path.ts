import { Certificate } from './certificate';

/** The certificates from one to a root, each signed by the next. */
export type CertificatePath = readonly Certificate[];

/** How many signatures are verified before giving up: as many as in Go. */
const MOST_SIGNATURES = 100;

/** Certificates by subject: a bundle may hold thousands with one name. */
class Authorities {
  private readonly bySubject = new Map<string, Certificate[]>();

  constructor(certificates: Iterable<Certificate>) {
    for (const certificate of certificates) {
      const subject = certificate.subjectName.toString('latin1');
      const same = this.bySubject.get(subject);
      if (same) same.push(certificate);
      else this.bySubject.set(subject, [certificate]);
    }
  }

  named(name: Buffer): readonly Certificate[] {
    return this.bySubject.get(name.toString('latin1')) ?? [];
  }
}

/** Finds paths from a certificate to a root, as istiod does. */
export class PathFinder {
  private readonly authorities: Authorities;
  private readonly trusted: ReadonlySet<string>;
  private signatures = 0;

  constructor(intermediates: readonly Certificate[], roots: readonly Certificate[]) {
    this.trusted = new Set(roots.map(({ fingerprint }) => fingerprint));
    // Each once, roots first, because a trusted certificate ends a path.
    this.authorities = new Authorities(new Map([...roots, ...intermediates].map((one) => [one.fingerprint, one])).values());
  }

  isTrusted({ fingerprint }: Certificate): boolean {
    return this.trusted.has(fingerprint);
  }

  /** The paths from a certificate to trusted ones; only the certificate itself if it is trusted. */
  paths(from: Certificate): readonly CertificatePath[] {
    this.signatures = 0;
    return [...this.extended([from])];
  }

  /** The last certificate found above one, and whether others have the name of its issuer, but another key. */
  deadEnd(from: Certificate): { readonly last: Certificate; readonly hasNamesake: boolean } {
    this.signatures = 0;
    const seen = new Set<string>();
    let last = from;
    for (;;) {
      seen.add(last.fingerprint);
      const next = this.issuersOf(last).find(({ fingerprint }) => !seen.has(fingerprint));
      if (!next) break;
      last = next;
    }
    return { last, hasNamesake: this.authorities.named(last.issuerName).some(({ fingerprint }) => !seen.has(fingerprint)) };
  }

  /** Whether a certificate is signed by another's key. */
  hasSigned(issuer: Certificate, certificate: Certificate): boolean {
    return issuer.subjectName.equals(certificate.issuerName) && issuer.publicKey !== undefined && certificate.isSignedBy(issuer.publicKey);
  }

  private* extended(path: CertificatePath): Generator<CertificatePath> {
    const last = path[path.length - 1];
    if (this.isTrusted(last)) {
      yield path;
      return;
    }
    for (const issuer of this.issuersOf(last)) {
      if (!path.some(({ fingerprint }) => fingerprint === issuer.fingerprint)) yield* this.extended([...path, issuer]);
    }
  }

  private issuersOf(certificate: Certificate): readonly Certificate[] {
    return this.authorities.named(certificate.issuerName)
      .filter(({ publicKey }) => publicKey !== undefined && this.signatures++ < MOST_SIGNATURES && certificate.isSignedBy(publicKey));
  }
}
