import { shownName } from '../../certificates/ca-secret';
import { FieldPath } from '../../findings/finding';
import { Objection } from '../objection';

/** One value of a Secret: never to be shown. */
export interface SecretValue {
  readonly key: string;
  readonly field: FieldPath;
  /** Undefined where it can't be read: the API server refuses the Secret then. */
  readonly text?: string;
}

/** A Secret's values as the API server would keep them, and what keeps it from that. */
export function secretValues(secret: any): { readonly values: SecretValue[]; readonly objections: Objection[] } {
  const values = new Map<string, SecretValue>();
  const objections: Objection[] = [];
  for (const name of ['data', 'stringData'] as const) { // stringData wins
    const map = secret[name];
    if (map === undefined || map === null) continue;
    if (typeof map !== 'object' || Array.isArray(map)) {
      objections.push(refused('ADMIT700', [name], Array.isArray(map) ? 'a list' : 'no map', 'a map of keys to text', `write ${name} as a map`));
      continue;
    }
    for (const [key, value] of Object.entries(map)) {
      const { text, objection } = read(name, keyField(name, key), value ?? '');
      values.set(key, { key, field: keyField(name, key), text });
      if (objection) objections.push(objection);
    }
  }
  return { values: [...values.values()], objections };
}

/** A key that looks like no name may be a secret, pasted into the wrong place. */
export function keyField(name: string, key: string): FieldPath {
  return shownName(key) === `'${key}'` ? [name, key] : [name];
}

function read(name: 'data' | 'stringData', field: FieldPath, value: unknown): { text?: string; objection?: Objection } {
  if (typeof value !== 'string') return { objection: refused('ADMIT700', field, 'no text', 'text', 'write the value as text in quotes') };
  if (name === 'stringData') return { text: value };
  const plain = value.replace(/[\r\n]/g, '');
  if (plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain)) return { text: Buffer.from(plain, 'base64').toString('latin1') };
  const isPem = value.includes('-----BEGIN ');
  return { objection: refused('ADMIT701', field, isPem ? 'a PEM text as it stands' : 'no base64', 'base64', isPem ? 'move it to stringData' : 'write the output of \'base64 -w0 <file>\'') };
}

function refused(code: string, field: FieldPath, actual: string, expected: string, fix: string): Objection {
  return { code, severity: 'error', field, actual, expected, because: 'the API server cannot decode the Secret otherwise', fix };
}
