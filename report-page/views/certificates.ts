import type { HolderData } from '../../src/report/data';
import type { Section } from '../context';
import { Child, element, stepwise } from '../dom';
import { matches } from '../state';

export const certificates: Section = {
  id: 'certificates',
  title: 'Certificates',
  about: 'Secrets and ConfigMaps that hold certificates, as istio-mtls ca inspect tells of them. Private keys aren\'t in this file.',
  reads: ['search'],
  draw: ({ data: { certificates: holders, date }, state: { search } }) => {
    if (holders.length === 0) return [element('p', {}, 'The manifests hold no certificates.')];
    const namesIn = ({ name, texts }: HolderData): readonly string[] => [name, ...texts.flatMap((text) => text.certificates.map((one) => one.name))];
    const wanted = holders.filter((holder) => search === '' || matches(search, ...namesIn(holder)));
    return [element('p', {}, `Judged at the end of ${date}.`), stepwise(wanted, 'object', (shown) => element('div', {}, ...shown.map(drawn)), 20)];
  },
};

function drawn({ name, texts, checks, findings }: HolderData): HTMLElement {
  const seen = new Map<string, string>();
  const failing = checks.filter(({ holds }) => holds === false).length;
  return element('article', { class: 'card' },
    element('h3', {}, name, ' ', element('span', { class: `severity ${failing > 0 ? 'error' : 'good'}` },
      failing > 0 ? `${failing} of ${checks.length} checks fail` : 'all checks hold')),
    ...findings.map(({ severity, code, text }) => element('p', {}, element('span', { class: `severity ${severity}` }, severity), ' ', element('code', {}, code), ` ${text}`)),
    ...texts.filter(({ certificates: held, keyOf, note }) => held.length > 0 || keyOf !== undefined || note !== undefined)
      .map((text) => drawnText(text, seen)),
    element('details', {}, element('summary', {}, 'Checks'), element('ul', {}, ...checks.map(({ code, title, holds }) =>
      element('li', {}, `${holds === undefined ? 'can\'t be told' : holds ? 'holds' : 'fails'}: ${title}${code === undefined ? '' : ` (${code})`}`)))),
  );
}

/** @param seen in which text each certificate was shown, by its fingerprint */
function drawnText({ name, note, keyOf, certificates: held }: HolderData['texts'][number], seen: Map<string, string>): HTMLElement {
  const term = (label: string, value: Child): Child[] => [element('dt', {}, label), element('dd', {}, value)];
  return element('div', {},
    element('h4', {}, name, note === undefined ? '' : `: ${note}`),
    ...keyOf === undefined ? [] : [element('p', {}, `A private key, not shown${keyOf === '' ? '; of no certificate here' : `; that of ${keyOf}`}.`)],
    ...held.map((one) => {
      const before = seen.get(one.fingerprint);
      if (before !== undefined) return element('p', {}, `${one.name}, as in ${before}`);
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
