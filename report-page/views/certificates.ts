import type { HolderData } from '../../src/report/data';
import type { Section } from '../context';
import { Child, element, stepwise } from '../dom';
import { matches } from '../state';
import { counted, foundText } from '../words';

export const certificates: Section = {
  id: 'certificates',
  title: 'Certificates',
  about: 'Secrets and ConfigMaps with certificates, as shown by istio-mtls ca inspect. This file contains no private keys.',
  noun: 'certificate object',
  reads: ['search'],
  draw: ({ data: { certificates: holders, date }, state: { search } }, tell) => {
    if (holders.length === 0) {
      tell('The manifests contain no certificates.', 0);
      return [];
    }
    const namesIn = ({ name, texts }: HolderData): readonly string[] => [name, ...texts.flatMap((text) => text.certificates.map((one) => one.name))];
    const wanted = holders.filter((holder) => search === '' || matches(search, ...namesIn(holder)));
    tell(`${foundText(wanted.length, holders.length, 'object')} Checked as of the end of ${date}.`, wanted.length);
    return [stepwise(wanted, 'object', (shown) => element('div', {}, ...shown.map(drawn)), 20)];
  },
};

function drawn({ name, texts, checks, findings }: HolderData): HTMLElement {
  const seen = new Map<string, string>();
  const failing = checks.filter(({ holds }) => holds === false).length;
  return element('article', { class: 'card' },
    element('h3', {}, name, ' ', element('span', { class: `severity ${failing > 0 ? 'error' : 'good'}` },
      failing > 0 ? `${failing} of ${counted(checks.length, 'check')} ${failing === 1 ? 'fails' : 'fail'}` : 'no check fails')),
    ...findings.map(({ severity, code, text }) => element('p', {}, element('span', { class: `severity ${severity}` }, severity), ' ', element('code', {}, code), ` ${text}`)),
    ...texts.filter(({ certificates: held, keyOf, note }) => held.length > 0 || keyOf !== undefined || note !== undefined)
      .map((text) => drawnText(text, seen)),
    element('details', {}, element('summary', {}, 'Checks'), element('ul', {}, ...checks.map(({ code, title, holds }) =>
      element('li', {}, `${holds === undefined ? 'unknown' : holds ? 'passes' : 'fails'}: ${title}${code === undefined ? '' : ` (${code})`}`)))),
  );
}

/** @param seen in which text each certificate was shown, by its fingerprint */
function drawnText({ name, note, keyOf, certificates: held }: HolderData['texts'][number], seen: Map<string, string>): HTMLElement {
  const term = (label: string, value: Child): Child[] => [element('dt', {}, label), element('dd', {}, value)];
  return element('div', {},
    element('h4', {}, name, note === undefined ? '' : `: ${note}`),
    ...keyOf === undefined ? [] : [element('p', {}, `A private key, not shown; ${keyOf === '' ? 'it belongs to no certificate here' : `it belongs to ${keyOf}`}.`)],
    ...held.map((one) => {
      const before = seen.get(one.fingerprint);
      if (before !== undefined) return element('p', {}, `${one.name}: the same as in ${before}`);
      seen.set(one.fingerprint, name);
      return element('dl', {},
        ...term('Name', one.name),
        ...term('Issuer', one.issuer),
        ...term('Valid', element('span', {}, `${one.notBefore} to ${one.notAfter}, `, element('strong', { class: one.daysLeft < 0 ? 'late' : '' }, one.left))),
        ...term('Kind', one.kind),
        ...term('Key', one.key),
        ...term('SHA-256', element('code', { class: 'fingerprint' }, one.fingerprint)),
      );
    }));
}
