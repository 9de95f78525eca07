const SLICE = 20;
const PIECE = 10;
const BASE64_RUN = /[A-Za-z0-9+/]{24,}={0,2}/g;

/** The base64 body of a PEM text, in one line. */
export function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]*-----/g, '').replace(/\s/g, '');
}

/** The private number of a P-256 key in PKCS #8; certificates also contain the algorithm and the public half. */
export function privateHalf(keyPem: string): string {
  return bodyOf(keyPem).slice(48, 90);
}

/**
 * Whether a text shows any 20 characters in a row of a secret: as it is, folded or escaped by YAML and JSON, or
 * in base64 (as a Secret holds it), from whatever byte on, up to twice.
 */
export function shows(text: string, secret: string): boolean {
  // Any 20 characters contain one of these pieces whole, which avoids most of the search.
  const pieces = Array.from({ length: Math.floor(secret.length / PIECE) }, (_, index) => index * PIECE);
  return variants(text, 2).some((variant) => pieces.some((start) => {
    if (!variant.includes(secret.slice(start, start + PIECE))) return false;
    const slices = Array.from({ length: SLICE - PIECE + 1 }, (_, back) => secret.slice(Math.max(0, start - back), Math.max(0, start - back) + SLICE));
    return slices.some((slice) => slice.length === SLICE && variant.includes(slice));
  }));
}

function variants(text: string, depth: number): string[] {
  const flat = text.replace(/\\[nr]/g, '').replace(/\s/g, '');
  if (depth === 0) return [flat];
  const decoded = (flat.match(BASE64_RUN) ?? []).flatMap((run) => [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')));
  return [flat, ...decoded.flatMap((inner) => variants(inner, depth - 1))];
}
