/** What only Secrets have, and private keys and certificates, plain or in base64. */
const SIGNS = /\bkind["']?\s*:\s*["']?Secret(?:List)?\b|\bstringData\b|-----BEGIN|LS0tLS1CRUdJTi/i;

const DATA = /(?:^|[\s{,"'])data["']?\s*:/;
const CONFIG_MAP = /\bkind["']?\s*:\s*["']?ConfigMap\b/;

/** Whether a document, readable or not, may hold a secret; half a Secret, whose kind is lost, counts. */
export function mayHoldSecret(text: string): boolean {
  return SIGNS.test(text) || (DATA.test(text) && !CONFIG_MAP.test(text));
}
