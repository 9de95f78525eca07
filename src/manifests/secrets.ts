/** What only Secrets and kubeconfigs have, and private keys and certificates, plain or in base64. */
const SIGNS = /\bcurrent-context\b|\bclient-key-data\b|\bkind["']?\s*:\s*["']?Secret(?:List)?\b|\bstringData\b|-----BEGIN|LS0tLS1CRUdJTi/i;

/** A kind that only a parser could tell: with a tag, an anchor, an alias or an escape. */
const HIDDEN_KIND = /\bkind["']?\s*:\s*(?:[!&*|>]|"[^"\n]*\\)/i;

const DATA = /(?:^|[\s{,"'])data["']?\s*:/;
const CONFIG_MAP = /\bkind["']?\s*:\s*["']?ConfigMap\b/;

const SECRET_KIND = /^\s*Secret(?:List)?\s*$/i;
const KEY_OR_CERTIFICATE = /-----BEGIN|LS0tLS1CRUdJTi/;

/**
 * Whether a document, readable or not, may hold a secret; half a Secret, whose kind is lost, counts.
 *
 * @param isRead whether what it holds is known, too
 */
export function mayHoldSecret(text: string, isRead = true): boolean {
  return SIGNS.test(text) || (!isRead && HIDDEN_KIND.test(text)) || (DATA.test(text) && !CONFIG_MAP.test(text));
}

/** Whether a value holds a secret, however it is written: an object of Kubernetes or several. */
export function holdsSecret(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value === 'string') return KEY_OR_CERTIFICATE.test(value);
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  // An anchor may name what many aliases stand for.
  seen.add(value);
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, seen));
  const object = value as Readonly<Record<string, unknown>>;
  return isSecretObject(object) || Object.keys(object).some((name) => holdsSecret(object[name], seen));
}

function isSecretObject(object: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(object).some((name) => {
    if (/^stringData$/i.test(name)) return true;
    if (name === 'data') return typeof object.data === 'object' && object.kind !== 'ConfigMap';
    const value = object[name];
    return /^kind$/i.test(name) && typeof value === 'string' && SECRET_KIND.test(value);
  });
}
