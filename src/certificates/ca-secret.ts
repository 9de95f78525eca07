import { RefusalDetails } from '../findings/refusal';

/** The Secret that istiod mounts, from its own namespace. It reads a CA from no other. */
export const CA_SECRET_NAME = 'cacerts';

/** The names by which istiod reads its CA from the Secret; all of them are needed. */
export const FOUR_KEY_FORM: readonly string[] = ['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'];

/** The names of a TLS Secret. Where `tls.crt` is there, istiod reads no other form. */
export const TLS_FORM: readonly string[] = ['tls.crt', 'tls.key', 'ca.crt'];

/** The revocation lists: optional, and read with the four-key form only. */
export const CRL_KEY = 'ca-crl.pem';

/** istiod's mark on a CA that it generated itself. With USE_CACERTS_FOR_SELF_SIGNED_CA it signs with its own CA where it finds this. */
export const ISTIO_GENERATED = 'istio-generated';

/** Whether a Secret leaves the signing to istiod's own CA: it is marked so, and its private key is empty. Only its roots are read. */
export function isLeftToIstiod(textOf: (key: string) => string | undefined): boolean {
  return textOf(ISTIO_GENERATED) !== undefined && textOf(FOUR_KEY_FORM[1]) === '';
}

/** Whether keys are all that istiod needs, by one form or the other. */
export function holdsWholeCa(keys: readonly string[]): boolean {
  return [FOUR_KEY_FORM, TLS_FORM].some((form) => form.every((key) => keys.includes(key)));
}

/** What keeps istiod from reading a Secret with these keys as one whole CA. */
export function secretKeysFault(field: string, keys: readonly string[]): Fault | undefined {
  const readsFourKeys = keys.some((key) => FOUR_KEY_FORM.includes(key));
  const readsTls = keys.includes('tls.crt');
  const tls = readsTls || (!readsFourKeys && keys.some((key) => TLS_FORM.includes(key)));
  const form = tls ? TLS_FORM : FOUR_KEY_FORM;
  const missing = form.filter((key) => !keys.includes(key));
  const unread = keys.filter((key) => !form.includes(key) && (tls || key !== CRL_KEY));
  if (missing.length + unread.length === 0) return undefined;
  return {
    code: 'MTLS069',
    field,
    actual: keys.length > 0 ? `for the keys ${keys.map(shownName).join(', ')}` : 'without keys',
    expected: `exactly ${FOUR_KEY_FORM.join(', ')}, optionally with ${CRL_KEY}; or exactly ${TLS_FORM.join(', ')}`,
    because: reason(!readsTls && !readsFourKeys, missing, tls),
    fix: missing.length > 0 ? `add ${missing.join(', ')}` : `remove ${unread.map(shownName).join(', ')}`,
  };
}

function reason(nothingToRead: boolean, missing: readonly string[], tls: boolean): string {
  if (nothingToRead) return 'istiod finds no CA there and signs with a CA that it makes itself';
  if (missing.length > 0) return 'istiod doesn\'t start with an incomplete set';
  return tls ? 'istiod reads nothing else when it finds tls.crt' : 'istiod reads no other name';
}

/** What is wrong with certificates or a Secret's keys, before anybody says whose they are. */
export type Fault = Omit<RefusalDetails, 'kind' | 'name' | 'path'>;

const NAME = /^[a-z0-9]([-a-z0-9._]{0,61}[a-z0-9])?$/;

/**
 * A text as an error may show it: what looks like a Kubernetes name, and nothing else.
 *
 * Whatever is handed in beside private keys may be one, pasted into the wrong place.
 */
export function shownName(text: unknown): string {
  if (typeof text !== 'string') return 'not a text';
  if (text === '') return 'empty';
  return NAME.test(text) ? `'${text}'` : `a text of ${text.length} characters that is no name`;
}
