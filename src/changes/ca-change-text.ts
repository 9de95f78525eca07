import { certificateText } from '../certificates/ca-fault';
import { stagesOf } from '../certificates/ca-rotation';
import { Certificate } from '../certificates/certificate';
import { numeral } from '../findings/numeral';
import { redacted } from '../findings/safe-text';
import type { IstiodCa } from '../mesh/certificates/istiod-ca';
import type { CaChange } from '../mesh/compare/ca-change';
import { objectText } from '../mesh/inventory/object';

/** What to know of istiod's signing with another CA: whether it may come in one step, or what the stages are, in a sentence. */
export function caChangeText({ namespace, from, to, trusted, step, isSameRoot }: CaChange): string {
  const change = `the istiod of ${namespace} will sign with ${signerText(to)} instead of ${signerText(from)}`;
  return redacted(
    `${change}${trusted.length > 0 ? `, and proxies currently trust ${namesOf(trusted)}` : ''}: ${consequence(from, step, isSameRoot)}`,
  );
}

function consequence(from: IstiodCa, step: CaChange['step'], isSameRoot: boolean): string {
  const stages = numeral(stagesOf({ isSameRoot }).length);
  const start = from.kind === 'own' || from.kind === 'none' ? 'self-signed' : 'OLD_CA';
  const rotate = `istio-mtls ca rotate --from ${start} --to NEW_CA`;
  switch (step) {
    case 'accepted': return isSameRoot
      ? `both have the same root, so the ${stages} stages of ${rotate} are the old CA and this one`
      : `they trust both roots, so this is a stage between the two: ${rotate} shows what to wait for before the next one`;
    case 'rejected':
      return `proxies with the certificates and roots of one CA reject those of the other; follow the ${stages} stages of ${rotate}`;
    case 'unknown': return 'unless both have the same root, proxies with the certificates and roots of one CA reject those of the other; '
      + `follow the stages of ${rotate}`;
  }
}

function signerText({ kind, object, own, roots = [] }: IstiodCa): string {
  if (kind === 'own' || kind === 'none') {
    return roots.length === 1 ? `a CA that it generated itself (${namesOf(roots)})` : 'a CA that it generated itself';
  }
  if (!own) return `the CA of ${objectText(object!)}`;
  const isRoot = roots.some(({ fingerprint }) => fingerprint === own.fingerprint);
  return `${certificateText(own)}${isRoot ? '' : ` below ${namesOf(roots)}`}`;
}

/** How many names a sentence has. */
const SHOWN = 3;

function namesOf(certificates: readonly Certificate[]): string {
  const names = certificates.slice(0, SHOWN).map(certificateText).join(' and ');
  return certificates.length > SHOWN ? `${names} and ${numeral(certificates.length - SHOWN)} more` : names;
}
