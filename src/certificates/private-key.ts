import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';
import { Certificate } from './certificate';
import { PemBlock, readPem } from './pem';

/** The labels of keys that istiod can decode: neither encrypted keys, nor the EC PARAMETERS that openssl writes first. */
export const KEY_LABELS: readonly string[] = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'];

/** The kinds of keys that Go supports. */
const KEY_TYPES = ['rsa', 'ec', 'ed25519'];

/** The private key in a PEM block; undefined if istiod can't decode it. */
export function privateKeyOf({ label, text, hasHeaders }: PemBlock): KeyObject | undefined {
  if (!KEY_LABELS.includes(label) || hasHeaders) return undefined;
  try {
    const key = createPrivateKey(text);
    return KEY_TYPES.includes(key.asymmetricKeyType ?? '') ? key : undefined;
  } catch { // The error isn't shown, because it may quote a secret.
    return undefined;
  }
}

/** The private key in a text: that of the first block, which istiod reads. */
export function privateKeyIn(text: string): KeyObject | undefined {
  const [first] = readPem(text).blocks;
  return first && privateKeyOf(first);
}

/** Whether a private key belongs to a certificate. */
export function isKeyOf(privateKey: KeyObject, { publicKey }: Certificate): boolean {
  return publicKey !== undefined && createPublicKey(privateKey).equals(publicKey);
}
