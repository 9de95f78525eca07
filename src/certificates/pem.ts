/** One block of a PEM text. */
export interface PemBlock {
  /** As in `-----BEGIN <label>-----`. */
  readonly label: string;
  /** The block alone, with its BEGIN and END lines. */
  readonly text: string;
}

export interface Pem {
  readonly blocks: readonly PemBlock[];
  /** Whether there is more than blocks and white space. */
  readonly hasOtherText: boolean;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

export function readPem(text: string): Pem {
  const blocks = Array.from(text.matchAll(BLOCK), ([block, label]) => ({ label, text: block }));
  return { blocks, hasOtherText: text.replace(BLOCK, '').trim() !== '' };
}
