import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to the empty values of a list that a policy matches. */
export function judgeNoneEmpty(at: Objections, values: readonly string[] | undefined): void {
  (values ?? []).forEach((value, index) => {
    if (value !== '') return;
    at.at(index).error({
      code: 'ADMIT463',
      actual: 'empty',
      expected: 'a value, or \'*\' for any',
      because: 'an empty value would match no request',
      fix: 'write the value or remove the entry',
    });
  });
}

/** Objects to values whose `*` isn't alone, first or last. */
export function judgeWildcards(at: Objections, values: readonly string[] | undefined): void {
  judgeNoneEmpty(at, values);
  (values ?? []).forEach((value, index) => {
    if (!/^(\*?[^*]*|[^*]*\*)$/.test(value)) objectToValue(at.at(index), value, 'at most one \'*\', first or last', 'only a prefix or a suffix can be compared');
  });
}

/** Objects to trust domains with a wildcard in the wrong place or a slash. */
export function judgeTrustDomains(at: Objections, values: readonly string[] | undefined): void {
  judgeWildcards(at, values);
  (values ?? []).forEach((value, index) => {
    if (value.includes('/')) objectToValue(at.at(index), value, 'a trust domain without \'/\'', 'the rest of a SPIFFE identity isn\'t part of it');
  });
}

function objectToValue(at: Objections, value: string, expected: string, because: string): void {
  at.error({ code: 'ADMIT463', actual: shown(value), expected, because, fix: 'write a value such as \'cluster.local\', \'*.local\' or \'cluster.*\'' });
}

/** Objects to ports, written as text, that are none; 0 passes. */
export function judgePortTexts(at: Objections, ports: readonly string[] | undefined): void {
  (ports ?? []).forEach((port, index) => {
    if (/^\d+$/.test(port) && Number(port) <= 65535) return;
    at.at(index).error({
      code: 'ADMIT453',
      actual: shown(port),
      expected: 'one port from 0 to 65535, in digits',
      because: 'policies match single ports',
      fix: 'list each port by its number, for example \'8080\'',
    });
  });
}
