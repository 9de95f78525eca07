import { RefusalDetails } from '../findings/refusal';

/** The Secret in istiod's namespace that istiod mounts: the only one from which it reads a CA. */
export const CA_SECRET_NAME = 'cacerts';

/** The keys from which istiod reads its CA; all are required. */
export const FOUR_KEY_FORM: readonly string[] = ['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'];

/** The keys of a TLS Secret. If `tls.crt` exists, istiod reads no other form. */
export const TLS_FORM: readonly string[] = ['tls.crt', 'tls.key', 'ca.crt'];

/** The key of the revocation lists: optional, and read only with the four-key form. */
export const CRL_KEY = 'ca-crl.pem';

/**
 * The key by which istiod marks a CA that it generated. With USE_CACERTS_FOR_SELF_SIGNED_CA,
 * istiod signs with its own CA if it finds this key.
 */
export const ISTIO_GENERATED = 'istio-generated';

/** Whether istiod signs with its own CA and reads only roots from a Secret: it is marked as generated, and its private key is empty. */
export function isLeftToIstiod(textOf: (key: string) => string | undefined): boolean {
  return textOf(ISTIO_GENERATED) !== undefined && textOf(FOUR_KEY_FORM[1]) === '';
}

/** Whether keys are complete in one of the two forms. */
export function holdsWholeCa(keys: readonly string[]): boolean {
  return [FOUR_KEY_FORM, TLS_FORM].some((form) => form.every((key) => keys.includes(key)));
}

/** Why istiod can't read a complete CA from a Secret with these keys. */
export function secretKeysFault(field: string, keys: readonly string[]): CertificateFault | undefined {
  const readsFourKeys = keys.some((key) => FOUR_KEY_FORM.includes(key));
  const readsTls = keys.includes('tls.crt');
  const tls = readsTls || (!readsFourKeys && keys.some((key) => TLS_FORM.includes(key)));
  const form = tls ? TLS_FORM : FOUR_KEY_FORM;
  const missing = form.filter((key) => !keys.includes(key));
  const unread = keys.filter((key) => !form.includes(key) && (tls || key !== CRL_KEY));
  if (missing.length + unread.length === 0) return undefined;
  return {
    code: 'API069',
    field,
    actual: keys.length > 0 ? `for the keys ${keys.map(shownName).join(', ')}` : 'without keys',
    expected: `exactly ${FOUR_KEY_FORM.join(', ')}, optionally with ${CRL_KEY}; or exactly ${TLS_FORM.join(', ')}`,
    because: reason(!readsTls && !readsFourKeys, missing, tls),
    fix: missing.length > 0 ? `add ${missing.join(', ')}` : `remove ${unread.map(shownName).join(', ')}`,
  };
}

function reason(nothingToRead: boolean, missing: readonly string[], tls: boolean): string {
  if (nothingToRead) return 'istiod finds no CA there and signs with a CA that it generates itself';
  if (missing.length > 0) return 'istiod doesn\'t start with an incomplete set';
  return tls ? 'istiod reads nothing else when it finds tls.crt' : 'istiod reads no other name';
}

/** What is wrong with certificates or a Secret's keys, without the object that holds them. */
export type CertificateFault = Omit<RefusalDetails, 'kind' | 'name' | 'path'>;

const NAME = /^[a-z0-9]([-a-z0-9._]{0,61}[a-z0-9])?$/;

/**
 * A text as an error may show it: only if it looks like a Kubernetes name.
 *
 * Any value that is passed along with private keys may be a misplaced key.
 */
export function shownName(text: unknown): string {
  if (typeof text !== 'string') return 'not a string';
  if (text === '') return 'empty';
  return NAME.test(text) ? `'${text}'` : `a string of ${text.length} characters that isn't a name`;
}
