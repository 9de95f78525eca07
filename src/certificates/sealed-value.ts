/** The session key's RSA ciphertext of kubeseal is as long as the sealing key: from 1024 to 16384 bits. */
const RSA_BYTES = { least: 128, most: 2048 };
const GCM_TAG_BYTES = 16;

/**
 * Whether a value has the shape of what kubeseal writes: two bytes of length, an RSA ciphertext, an AES-GCM one.
 *
 * What is inside cannot be known, but a plain text, a PEM or the base64 of one is none of that.
 */
export function isSealed(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) return false;
  const bytes = Buffer.from(value, 'base64');
  const rsaBytes = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  return rsaBytes >= RSA_BYTES.least && rsaBytes <= RSA_BYTES.most && bytes.length >= 2 + rsaBytes + GCM_TAG_BYTES;
}
