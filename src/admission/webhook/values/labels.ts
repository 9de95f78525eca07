import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const DNS_LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const NAME = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const KEY = new RegExp(`^(${DNS_LABEL}(?:\\.${DNS_LABEL})*/)?(${NAME})$`);
const VALUE = new RegExp(`^(?:${NAME})?$`);

/** Objects to label keys and values that no pod can have; nothing for a missing map. */
export function judgeLabels(at: Objections, labels: { readonly [key: string]: string } | undefined): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!isLabelKey(key)) objectToKey(at.at(key), key);
    if (!VALUE.test(value)) objectToValue(at.at(key), value);
  }
}

function isLabelKey(key: string): boolean {
  const match = KEY.exec(key);
  return match !== null && (match[1] ?? '/').length - 1 <= 253 && match[2].length <= 63;
}

function objectToKey(at: Objections, key: string): void {
  at.error({
    code: 'ADMIT406',
    actual: `set under the key ${shown(key)}`,
    expected: 'a label key: letters, digits, \'-\', \'_\' and \'.\', optionally after a DNS name and \'/\'',
    because: 'no pod can have such a label',
    fix: 'write the key as the pods have it',
  });
}

function objectToValue(at: Objections, value: string): void {
  at.error({
    code: 'ADMIT406',
    actual: shown(value),
    expected: 'a label value: letters, digits, \'-\', \'_\' and \'.\', with a letter or digit at both ends',
    because: 'no pod can have such a label',
    fix: 'write the value as the pods have it',
  });
}
