/** kubeseal's RSA ciphertext of the session key is as long as the sealing key: 1024 to 16384 bits. */
const RSA_BYTES = { least: 128, most: 2048 };
const GCM_TAG_BYTES = 16;

/**
 * Whether a value has the format of kubeseal's output: two bytes of length, an RSA ciphertext and an AES-GCM ciphertext.
 *
 * The content can't be checked, but plain text, PEM and base64 of either don't have this format.
 */
export function isSealed(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) return false;
  const bytes = Buffer.from(value, 'base64');
  const rsaBytes = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  return rsaBytes >= RSA_BYTES.least && rsaBytes <= RSA_BYTES.most && bytes.length >= 2 + rsaBytes + GCM_TAG_BYTES;
}
