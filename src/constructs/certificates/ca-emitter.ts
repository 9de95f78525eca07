import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CA_SECRET_NAME, shownName } from '../../certificates/ca-secret';
import { late } from '../../modules/late';
import { isNamespaceName } from '../namespace';
import { Refuse, refusing } from '../refuse';

/** The construct that a source emits for. */
export interface CaTarget {
  readonly scope: Construct;
  /** istiod's namespace. */
  readonly namespace: string;
  /** The roots to trust instead of the source's, during a rotation. */
  readonly trust?: ProxyTrust;
}

/** What proxies trust. */
export interface ProxyTrust {
  /** For the key `root-cert.pem`. */
  readonly rootCert: string;
  /** For the key `ca-crl.pem`. */
  readonly crl?: string;
}

/** The certificates of a source that has them, as PEM. */
export interface CaCertificates {
  readonly caCert: string;
  readonly certChain: string;
  readonly rootCert: string;
  readonly crl?: string;
}

/** Emits a source's object in the target's scope; returns undefined if the object already exists. */
export type CaEmitter = (target: CaTarget) => ApiObject | undefined;

/** Creates errors for object `cacerts` of this kind in istiod's namespace. */
export function caRefusing({ scope, namespace }: CaTarget, kind: string): Refuse {
  return refusing(kind, scope.node.path, `${namespace}/${CA_SECRET_NAME}`);
}

/** Rejects a source whose Secret can't hold other roots than its own. */
export function refuseTrust({ trust }: CaTarget, source: string, why: string, refuse: Refuse): void {
  if (!trust) return;
  throw refuse({
    code: 'API055',
    field: 'source',
    actual: source,
    expected: 'a source that can write the roots of two CAs',
    because: why,
    fix: 'use CaSource.externalSecret, sealedSecret, pem or pemFiles until the rotation is complete; then a CustomCa can use '
      + 'this source, under the same root',
  });
}

const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Rejects what can't be the name of a Kubernetes object. */
export function checkName(field: string, name: unknown, refuse: Refuse): void {
  if (typeof name === 'string' && name.length <= 253 && DNS_SUBDOMAIN.test(name)) return;
  throw noName(field, name, 'the name of a Kubernetes object: lowercase letters, digits, dashes and dots', refuse);
}

/** Rejects what can't be the name of a namespace. */
export function checkNamespace(field: string, name: unknown, refuse: Refuse): void {
  if (!isNamespaceName(name)) throw noName(field, name, 'a namespace: at most 63 lowercase letters, digits and dashes', refuse);
}

function noName(field: string, name: unknown, expected: string, refuse: Refuse): Error {
  return refuse({ code: 'API063', field, actual: shownName(name), expected, fix: `correct '${field}'` });
}

/** Rejects a text that can't be intended: empty, several lines (a pasted PEM), or too long. */
export function checkLine(field: string, text: unknown, most: number, refuse: Refuse): void {
  if (typeof text === 'string' && text.trim() !== '' && text.length <= most && !/[\r\n]|-----/.test(text)) return;
  throw refuse({
    code: 'API068',
    field,
    actual: typeof text === 'string' && text !== '' ? `a text of ${text.length} characters, not shown` : 'empty',
    expected: `one line of at most ${most} characters`,
    fix: `correct '${field}'`,
  });
}

/** The API group of cert-manager's built-in issuers and certificates. */
export const CERT_MANAGER = 'cert-manager.io';

/** A reference to an issuer, as in a Certificate. */
export interface IssuerRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

const UNITS: [string, number][] = [['h', 3_600_000], ['m', 60_000], ['s', 1_000], ['ms', 1]];

/** A duration as in Go and most Kubernetes APIs, in the largest unit that divides it: `2160h`. */
export function goDuration(duration: Duration): string {
  const milliseconds = duration.toMilliseconds();
  const [unit, size] = UNITS.find(([, each]) => milliseconds % each === 0)!;
  return `${milliseconds / size}${unit}`;
}

/** Loaded with the first PEM, so that importing the library stays fast. */
export function certificateModules(): typeof import('./certificate-modules') {
  return late<typeof import('./certificate-modules')>(() => require('./certificate-modules'));
}
