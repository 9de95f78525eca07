/** The words that are true or false. */
export const WORDS = new Map<string, boolean>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word): [string, boolean] => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word): [string, boolean] => [word, false]),
]);
export const NULLS = ['', '~', 'null', 'Null', 'NULL'];
const INTEGER = /^([-+]?)(?:0b([01]+)|0o?([0-7]+)|0x([0-9a-fA-F]+)|(0|[1-9]\d*))$/i;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i;
const SPECIAL = new Map([['.nan', NaN], ['.inf', Infinity], ['+.inf', Infinity], ['-.inf', -Infinity]]);
const SPECIAL_FORM = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** What a plain scalar means, for a text that begins with a letter, a digit or `/`. */
export function plainScalar(text: string): unknown {
  if (!/^\d/.test(text)) return WORDS.get(text) ?? (NULLS.includes(text) ? null : text);
  return integer(text) ?? float(text) ?? text;
}

export function integer(text: string | null): number | undefined {
  if (!text || !/^[-+\d]/.test(text)) return undefined;
  const match = INTEGER.exec(text.replaceAll('_', ''));
  if (!match) return undefined;
  const [, sign, binary, octal, hexadecimal, decimal] = match;
  const value = binary ? parseInt(binary, 2) : octal ? parseInt(octal, 8) : hexadecimal ? parseInt(hexadecimal, 16) : Number(decimal);
  return sign === '-' ? 0 - value : value;
}

export function float(text: string | null): number | undefined {
  if (!text || !/^[-+.\d]/.test(text)) return undefined;
  if (SPECIAL_FORM.test(text)) return SPECIAL.get(text.toLowerCase());
  const plain = text.replaceAll('_', '');
  const value = FLOAT.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
