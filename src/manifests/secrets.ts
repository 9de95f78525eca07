/** What only Secrets have, and private keys and certificates, plain or in base64. */
const SIGNS = /\bkind["']?\s*:\s*["']?Secret(?:List)?\b|\bstringData\b|-----BEGIN|LS0tLS1CRUdJTi/i;

const DATA = /(?:^|[\s{,"'])data["']?\s*:/;
const CONFIG_MAP = /\bkind["']?\s*:\s*["']?ConfigMap\b/;

const LONG_RUN = /[A-Za-z0-9+/]{40,}/g;

/** Whether a line may be one of a key's: PEM without its first line, or any other long base64. */
export function mayShowKey(line: string): boolean {
  return (line.match(LONG_RUN) ?? []).some((run) => /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run));
}

/** Whether a document, readable or not, may hold a secret; half a Secret, whose kind is lost, counts. */
export function mayHoldSecret(text: string): boolean {
  return SIGNS.test(text) || (DATA.test(text) && !CONFIG_MAP.test(text));
}
