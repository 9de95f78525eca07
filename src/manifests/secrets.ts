/** Words that only Secrets and kubeconfigs have, and private keys and certificates, in plain text or base64. */
const SIGNS = /\bcurrent-context\b|\bclient-key-data\b|\bkind["']?\s*:\s*["']?Secret(?:List)?\b|\bstringData\b|-----BEGIN|LS0tLS1CRUdJTi/i;

/** A kind that only a parser could recognize: with a tag, anchor, alias or escape. */
const HIDDEN_KIND = /\bkind["']?\s*:\s*(?:[!&*|>]|"[^"\n]*\\)/i;

const DATA = /(?:^|[\s{,"'])data["']?\s*:/;
const CONFIG_MAP = /\bkind["']?\s*:\s*["']?ConfigMap\b/;

const SECRET_KIND = /^\s*Secret(?:List)?\s*$/i;
const KEY_OR_CERTIFICATE = /-----BEGIN|LS0tLS1CRUdJTi/;

/**
 * Whether a document, readable or not, may hold a secret. Includes a part of a Secret whose kind is missing.
 *
 * @param isRead whether its value is known as well
 */
export function mayHoldSecret(text: string, isRead = true): boolean {
  return SIGNS.test(text) || (!isRead && HIDDEN_KIND.test(text)) || (DATA.test(text) && !CONFIG_MAP.test(text));
}

/** Whether a value contains a Secret, a private key or a certificate, at any depth. */
export function holdsSecret(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value === 'string') return KEY_OR_CERTIFICATE.test(value);
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  // Many aliases may refer to one anchor.
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
