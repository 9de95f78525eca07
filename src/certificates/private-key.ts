import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';
import { Certificate } from './certificate';
import { PemBlock, readPem } from './pem';

/** What istiod can decode; not an encrypted key, and not the EC PARAMETERS that openssl writes first. */
export const KEY_LABELS: readonly string[] = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'];

/** The kinds of keys that Go knows. */
const KEY_TYPES = ['rsa', 'ec', 'ed25519'];

/** The private key that a block of PEM holds; undefined if istiod couldn't decode it. */
export function privateKeyOf({ label, text, hasHeaders }: PemBlock): KeyObject | undefined {
  if (!KEY_LABELS.includes(label) || hasHeaders) return undefined;
  try {
    const key = createPrivateKey(text);
    return KEY_TYPES.includes(key.asymmetricKeyType ?? '') ? key : undefined;
  } catch { // Whatever it says, it says about a secret.
    return undefined;
  }
}

/** The private key of a text, of which istiod reads the first block. */
export function privateKeyIn(text: string): KeyObject | undefined {
  const [first] = readPem(text).blocks;
  return first && privateKeyOf(first);
}

/** Whether a private key is the one whose public half a certificate holds. */
export function isKeyOf(privateKey: KeyObject, { publicKey }: Certificate): boolean {
  return publicKey !== undefined && createPublicKey(privateKey).equals(publicKey);
}
