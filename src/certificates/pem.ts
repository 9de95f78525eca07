/** One block of a PEM text, as Go's `encoding/pem` finds it. */
export interface PemBlock {
  /** As in `-----BEGIN <label>-----`. */
  readonly label: string;
  /** The block alone, with its BEGIN and END lines. */
  readonly text: string;
  /** The decoded bytes; undefined if it isn't base64. */
  readonly bytes?: Buffer;
  /** Whether lines such as `Proc-Type: 4,ENCRYPTED` precede the base64. */
  readonly hasHeaders: boolean;
}

/** A text read as PEM. */
export interface Pem {
  readonly blocks: readonly PemBlock[];
  /** Whether there is anything but blocks and white space. */
  readonly hasOtherText: boolean;
  /** Whether lines have Windows line endings. */
  readonly hasCarriageReturns: boolean;
  /** Whether it is DER instead of PEM. */
  readonly isDer: boolean;
}

/** The maximum size of a Secret in bytes; longer texts aren't read. */
export const LONGEST_PEM = 1_048_576;

const BEGIN = '-----BEGIN ';
const DASHES = '-----';

/**
 * Reads the blocks of a PEM text as istiod does: BEGIN and END must be at the beginning of lines of their own. Takes linear time.
 *
 * @param text any text, or one character for each byte
 */
export function readPem(text: string): Pem {
  const lines = text.split('\n');
  const blocks: PemBlock[] = [];
  let hasOtherText = false;
  for (let index = 0; index < lines.length;) {
    const label = labelOf(lines[index]);
    const end = label === undefined ? -1 : endOf(lines, index + 1, label);
    if (end < 0) {
      hasOtherText ||= lines[index].trim() !== '';
      index++;
      continue;
    }
    blocks.push(blockOf(label!, lines.slice(index, end + 1)));
    index = end + 1;
  }
  return { blocks, hasOtherText, hasCarriageReturns: text.includes('\r\n'), isDer: blocks.length === 0 && isDer(text) };
}

function labelOf(line: string): string | undefined {
  const plain = line.trimEnd();
  return plain.startsWith(BEGIN) && plain.endsWith(DASHES) ? plain.slice(BEGIN.length, -DASHES.length) : undefined;
}

/** The index of a block's END line; negative if another block begins before it, or if there is none. */
function endOf(lines: readonly string[], start: number, label: string): number {
  const wanted = `-----END ${label}${DASHES}`;
  for (let index = start; index < lines.length; index++) {
    if (!lines[index].startsWith(DASHES)) continue;
    return lines[index].trimEnd() === wanted ? index : -1;
  }
  return -1;
}

function blockOf(label: string, lines: readonly string[]): PemBlock {
  const body = lines.slice(1, -1);
  const headers = body.filter((line) => line.includes(':')).length;
  const base64 = body.slice(headers).join('').replace(/\s/g, '');
  const isBase64 = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
  return { label, text: lines.join('\n').trimEnd(), bytes: isBase64 ? Buffer.from(base64, 'base64') : undefined, hasHeaders: headers > 0 };
}

/** Whether a text begins like a certificate or key in DER: a sequence of at least 256 bytes. */
function isDer(text: string): boolean {
  return text.startsWith('0\x82') || text.startsWith('0\ufffd');
}

/** Whether a block is a private key of any kind, encrypted or not. */
export function isPrivateKey({ label }: Pick<PemBlock, 'label'>): boolean {
  return label.endsWith('PRIVATE KEY');
}

/** A certificate as PEM. */
export function certificatePem(der: Buffer): string {
  return ['-----BEGIN CERTIFICATE-----', ...der.toString('base64').match(/.{1,64}/g)!, '-----END CERTIFICATE-----', ''].join('\n');
}
