import * as yaml from 'js-yaml';

const WORDS = new Map<string, boolean>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word): [string, boolean] => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word): [string, boolean] => [word, false]),
]);
const NULLS = ['', '~', 'null', 'Null', 'NULL'];
const INTEGER = /^([-+]?)(?:0b([01]+)|0o?([0-7]+)|0x([0-9a-fA-F]+)|(0|[1-9]\d*))$/i;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i;
const SPECIAL = new Map([['.nan', NaN], ['.inf', Infinity], ['+.inf', Infinity], ['-.inf', -Infinity]]);
const SPECIAL_FORM = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * Plain scalars as kubectl reads them, which is YAML 1.1 as Go's yaml.v2 knows it: `yes` and `on` are true, 0777 is
 * octal, 1_000 is a number, a date is a string, base 60 is not known.
 */
export const KUBECTL_SCHEMA = yaml.FAILSAFE_SCHEMA.extend({
  implicit: [
    scalar('tag:yaml.org,2002:null', (text) => text === null || NULLS.includes(text), () => null),
    scalar('tag:yaml.org,2002:bool', (text) => WORDS.has(text), (text) => WORDS.get(text)),
    scalar('tag:yaml.org,2002:int', (text) => integer(text) !== undefined, integer),
    scalar('tag:yaml.org,2002:float', (text) => float(text) !== undefined, float),
    new yaml.Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (text) => text === '<<' }),
  ],
  explicit: [
    scalar('tag:yaml.org,2002:binary', (text) => typeof text === 'string', (text) => Buffer.from(text, 'base64').toString('utf8')),
    scalar('tag:yaml.org,2002:timestamp', (text) => typeof text === 'string', (text) => text),
    ...(['scalar', 'sequence', 'mapping'] as const).map((kind) => new yaml.Type('!', { kind, multi: true, construct: (data) => data })),
  ],
});

/** What a plain scalar means, for a text that begins with a letter, a digit or `/`. */
export function plainScalar(text: string): unknown {
  if (!/^\d/.test(text)) return WORDS.get(text) ?? (NULLS.includes(text) ? null : text);
  return integer(text) ?? float(text) ?? text;
}

function scalar(tag: string, resolve: (text: string) => boolean, construct: (text: string) => unknown): yaml.Type {
  return new yaml.Type(tag, { kind: 'scalar', resolve, construct });
}

function integer(text: string | null): number | undefined {
  if (!text || !/^[-+\d]/.test(text)) return undefined;
  const match = INTEGER.exec(text.replaceAll('_', ''));
  if (!match) return undefined;
  const [, sign, binary, octal, hexadecimal, decimal] = match;
  const value = binary ? parseInt(binary, 2) : octal ? parseInt(octal, 8) : hexadecimal ? parseInt(hexadecimal, 16) : Number(decimal);
  return sign === '-' ? 0 - value : value;
}

function float(text: string | null): number | undefined {
  if (!text || !/^[-+.\d]/.test(text)) return undefined;
  if (SPECIAL_FORM.test(text)) return SPECIAL.get(text.toLowerCase());
  const plain = text.replaceAll('_', '');
  const value = FLOAT.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
