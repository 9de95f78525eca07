// What a running istiod makes of changes to its CA, with ISTIO_MULTIROOT_MESH and without, and who then trusts what it signs.
import { X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type CaTexts, isSignedBy, LISTS_TAKEN, type PluggedIstiod, TAKEN } from './plugged-istiod';
import { certificate, revocationList, type TestCertificate } from '../../test/support/certificates/x509';
import { type Openssl } from '../node/openssl';

/** A change of the Secret, and whether istiod takes it. */
export interface Step {
  readonly change: string;
  readonly signer: SignerName;
  readonly roots: readonly RootName[];
  readonly isTaken: boolean;
  /** Whether there are revocation lists, of the certificate and its root. */
  readonly hasLists?: boolean;
}

/** What was seen of a step. */
export interface SeenStep {
  readonly change: string;
  readonly taken: boolean;
  /** What istiod says of its CA. */
  readonly log: readonly string[];
  /** The certificate that workloads' certificates are signed with. */
  readonly signer?: string;
  /** The root whose end the metric tells. */
  readonly metric?: string;
  /** The roots that workloads get. */
  readonly roots: readonly string[];
  /** The roots by each of which alone openssl accepts a workload's certificate. */
  readonly accepted: readonly string[];
}

export interface Reload {
  /** The name of the certificate that istiod signs with, by which it tells the forms apart. */
  readonly form: 'tls.crt' | 'ca-cert.pem';
  readonly multiRoot: boolean;
  readonly steps: readonly Step[];
}

const DAY = 86_400_000;
const inDays = (days: number): Date => new Date(Math.floor(Date.now() / DAY + days) * DAY);
const ca = (commonName: string, days: number, issuer?: TestCertificate): TestCertificate =>
  certificate({ commonName, issuer, ca: true, keyUsage: [5, 6], notAfter: inDays(days) });

/** The certificates of the steps, by name; each ends on another day. */
export class Authorities {
  readonly roots = { A: ca('root A', 3000), B: ca('root B', 3001), C: ca('root C', 3002) };
  readonly signers = {
    A1: ca('istiod A1', 1000, this.roots.A), A2: ca('istiod A2', 1001, this.roots.A), B1: ca('istiod B1', 1002, this.roots.B), C1: ca('istiod C1', 1003, this.roots.C),
  };
}

type RootName = keyof Authorities['roots'];
type SignerName = keyof Authorities['signers'];

const step = (change: string, signer: SignerName, roots: readonly RootName[], isTaken = true): Step => ({ change, signer, roots, isTaken });

/** The changes, of each form and flag. The first is that with which istiod starts. */
export const RELOADS: readonly Reload[] = [
  {
    form: 'tls.crt',
    multiRoot: false,
    steps: [
      step('started', 'A1', ['A']),
      step('a new certificate below the same root', 'A2', ['A']),
      step('the old certificate, and a second root', 'A1', ['A', 'B'], false),
      step('a certificate below another root, and that', 'B1', ['B'], false),
    ],
  },
  {
    form: 'ca-cert.pem',
    multiRoot: true,
    steps: [
      step('started', 'A1', ['A']),
      step('a second root beside the first', 'A1', ['A', 'B']),
      step('a certificate below the second root, and both', 'B1', ['A', 'B']),
      step('the second root alone', 'B1', ['B']),
      step('a certificate below another root, and that', 'C1', ['C'], false),
      { ...step('what was taken last, with revocation lists', 'B1', ['B']), hasLists: true },
    ],
  },
];

/** The Secret's texts after a change. */
export function filesOf({ form }: Reload, { signer, roots, hasLists }: Step, authorities: Authorities): CaTexts {
  const { pem, keyPem } = authorities.signers[signer];
  const bundle = roots.map((name) => authorities.roots[name].pem).join('');
  if (form === 'tls.crt') return { 'tls.crt': pem, 'tls.key': keyPem, 'ca.crt': bundle };
  const root = authorities.roots[signer[0] as RootName];
  return {
    'ca-cert.pem': pem,
    'ca-key.pem': keyPem,
    'root-cert.pem': bundle,
    'cert-chain.pem': pem + root.pem,
    ...hasLists && { 'ca-crl.pem': [authorities.signers[signer], root].map((issuer) => revocationList({ issuer })).join('') },
  };
}

/** A Secret with which istiod doesn't sign as somebody meant it to. */
export interface BadStart {
  readonly about: string;
  readonly files: (authorities: Authorities) => CaTexts;
  /** What istiod says as it ends; undefined: it goes on. */
  readonly refused?: string;
  /** Whether it signs with the CA of the Secret as it goes on, instead of with one that it makes itself. */
  readonly isTaken?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

const START: Reload = RELOADS[1];
const whole = (authorities: Authorities): CaTexts => filesOf(START, START.steps[0], authorities);

export const BAD_STARTS: readonly BadStart[] = [
  {
    about: '`tls.crt` and `tls.key` without `ca.crt`',
    files: ({ signers: { A1: { pem, keyPem } } }) => ({ 'tls.crt': pem, 'tls.key': keyPem }),
    refused: 'incomplete signing CA bundle detected',
  },
  { about: 'four keys without `cert-chain.pem`', files: (authorities) => without(whole(authorities), 'cert-chain.pem'), refused: 'incomplete signing CA bundle detected' },
  { about: 'another certificate\'s private key', files: (authorities) => ({ ...whole(authorities), 'ca-key.pem': authorities.signers.A2.keyPem }), refused: 'the cert does not match the key' },
  { about: 'another root', files: (authorities) => ({ ...whole(authorities), 'root-cert.pem': authorities.roots.B.pem }), refused: 'cannot verify the cert' },
  {
    about: 'revocation lists, but none of its own certificate',
    files: (authorities) => ({ ...whole(authorities), 'ca-crl.pem': revocationList({ issuer: authorities.roots.A }) }),
    refused: 'missing CRL signed by certificates',
  },
  {
    about: 'such lists, and its environment `PILOT_ENABLE_CA_CRL=false`',
    files: (authorities) => ({ ...whole(authorities), 'ca-crl.pem': revocationList({ issuer: authorities.roots.A }) }),
    isTaken: true,
    environment: { PILOT_ENABLE_CA_CRL: 'false' },
  },
  { about: 'a `ca-crl.pem` that is no PEM', files: (authorities) => ({ ...whole(authorities), 'ca-crl.pem': ' ' }), refused: 'failed to create CA KeyCertBundle' },
  { about: 'an empty `ca-crl.pem`', files: (authorities) => ({ ...whole(authorities), 'ca-crl.pem': '' }), isTaken: true },
  { about: '`key.pem` and `cert.pem`', files: ({ signers: { A1: { pem, keyPem } } }) => ({ 'key.pem': keyPem, 'cert.pem': pem }) },
];

function without(files: CaTexts, name: string): CaTexts {
  return Object.fromEntries(Object.entries(files).filter(([key]) => key !== name));
}

/** Looks at a running istiod. */
export class Observer {
  constructor(private readonly authorities: Authorities, private readonly openssl: Openssl, private readonly token: string) {}

  /** Makes the changes one after the other, and says what is seen; of the first, istiod has started with it. */
  async seen(istiod: PluggedIstiod, reload: Reload): Promise<readonly SeenStep[]> {
    const seen: SeenStep[] = [];
    for (const [index, one] of reload.steps.entries()) {
      const log = index === 0 ? istiod.said() : await istiod.replace(filesOf(reload, one, this.authorities));
      seen.push({ change: one.change, taken: log.includes(index === 0 ? STARTED : TAKEN), log, ...await this.signedBy(istiod) });
    }
    return seen;
  }

  private async signedBy(istiod: PluggedIstiod): Promise<Pick<SeenStep, 'signer' | 'metric' | 'roots' | 'accepted'>> {
    const { roots, signers } = this.authorities;
    const signed = await istiod.sign(this.openssl.request(), this.token, Object.values(roots).map(({ pem }) => pem));
    const end = (await istiod.endBy('citadel_server_root_cert_expiry_timestamp'))?.getTime();
    const named = (of: readonly TestCertificate[]): readonly string[] => of.map(({ commonName }) => commonName);
    return {
      signer: Object.values(signers).find(({ pem }) => isSignedBy(signed.certificate, pem))?.commonName,
      metric: Object.values(roots).find((one) => endOf(one) === end)?.commonName,
      roots: named(Object.values(roots).filter(({ pem }) => signed.roots.includes(pem))),
      accepted: named(Object.values(roots).filter(({ pem }) => this.openssl.rejection({ ...signed, roots: pem }) === undefined)),
    };
  }
}

export const STARTED = 'Use local CA certificate';

function endOf({ pem }: TestCertificate): number {
  return Date.parse(new X509Certificate(pem).validTo);
}

/** Where what was seen isn't what the library's documentation says: a change that isn't taken leaves all as it was. */
export function problemsIn({ form, multiRoot, steps }: Reload, seen: readonly SeenStep[]): readonly string[] {
  const problems: string[] = [];
  let inForce = steps[0];
  for (const [index, one] of steps.entries()) {
    if (one.isTaken) inForce = one;
    const { signer, roots } = inForce;
    const expected: Omit<SeenStep, 'log'> = {
      change: one.change,
      taken: one.isTaken,
      signer: `istiod ${signer}`,
      metric: `root ${roots[0]}`,
      roots: roots.map((name) => `root ${name}`),
      accepted: [`root ${signer[0]}`],
    };
    if (one.hasLists && !seen[index]?.log.includes(LISTS_TAKEN)) problems.push(`${form}, ${one.change}: istiod doesn't say that it has taken them`);
    for (const [name, value] of Object.entries(expected)) {
      const other = seen[index]?.[name as keyof SeenStep];
      if (!isDeepStrictEqual(other, value)) problems.push(`${form}, ${multiRoot ? 'with' : 'without'} ISTIO_MULTIROOT_MESH, ${one.change}: ${name} is ${JSON.stringify(other)}, expected ${JSON.stringify(value)}`);
    }
  }
  return problems;
}

/** Where istiods that were started with a bad Secret did something else than the library says. */
export function problemsInStarts(seen: readonly SeenStart[]): readonly string[] {
  return BAD_STARTS.flatMap(({ about, refused, isTaken = false }, index) => {
    const said = seen[index];
    const isSo = refused === undefined ? said?.refused === undefined && said?.isTaken === isTaken : said?.refused?.includes(refused);
    return isSo ? [] : [`${about}: istiod says ${said?.refused ?? signsText(said)}, expected ${refused ?? signsText({ isTaken })}`];
  });
}

/** What a real istiod made of a Secret when it started. */
export interface SeenStart {
  readonly about: string;
  readonly refused?: string;
  readonly isTaken?: boolean;
}

/** With what an istiod signs that has started. */
export function signsText(start: Pick<SeenStart, 'isTaken'> | undefined): string {
  return `starts, and signs with ${start?.isTaken ? 'the CA of the Secret' : 'a CA that it makes itself'}`;
}
