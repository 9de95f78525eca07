import { Line } from './layout';
import { expectingText, statingText } from '../../analysis/conditional';
import { conditionsText, conditionText } from '../../findings/condition';
import { TracedBranch } from '../../mesh/calls/traced-connection';
import { meaningOf } from '../../mesh/calls/undecided-meanings';
import { objectText } from '../../mesh/inventory/object';
import { factKey } from '../../mesh/workloads/missing-injection';
import { CallExplanation, ConditionalServer, PresumedFact } from '../explanation';

/** ` if shop has sidecars`, after the outcome of a call that depends on it. */
export function presumedWith({ presumes, conditional = [] }: CallExplanation): string {
  return presumes && conditional.length > 0 ? ` ${conditionText(presumes)}` : '';
}

/** What an explanation presupposes, and the outcome otherwise. */
export function caseLines({ presumes, conditional, connections }: CallExplanation): readonly Line[] {
  if (!conditional) return [];
  const cases = conditional.map((server) => otherCases(server, presumes));
  const isSame = cases.length === Math.max(1, connections.length) && new Set(cases.map((texts) => texts.join())).size === 1;
  const others = isSame ? cases[0] : cases.flatMap((texts, index) => texts.map((text) => `${serverText(conditional[index])}: ${text}`));
  const title = presumes ? 'otherwise' : 'depends';
  return [
    ...presumes ? [['presumes', presumedText(presumes)] as Line] : [],
    ...presumes && others.length === 0 ? [['otherwise', 'the same outcome'] as Line] : [],
    ...others.map((text, index): Line => [index === 0 ? title : '', text]),
    ...presumes ? [['state it', statingText(presumes)] as Line] : [],
  ];
}

/** `shop has sidecars, as PeerAuthentication shop/default suggests; bank has none`. */
function presumedText(facts: readonly PresumedFact[]): string {
  const [held, others] = [true, false].map((holds) => facts.filter((fact) => fact.holds === holds));
  const expected = held.filter(({ expectedBy }) => expectedBy);
  const isStrong = expected.every(({ expectedBy }) => expectedBy!.strength === 'strong');
  const why = expected.length > 0 ? expectingText(expected, isStrong ? 'expect' : 'suggest') : 'which nothing in the manifests expects';
  return [...held.length > 0 ? [`${conditionsText(held)}, ${why}`] : [], ...others.length > 0 ? [conditionsText(others)] : []].join('; ');
}

function otherCases({ branches }: ConditionalServer, presumes: CallExplanation['presumes']): readonly string[] {
  const values = new Map(presumes?.map((fact) => [factKey(fact), fact.holds]));
  return branches
    .filter((branch) => !presumes || branch.if.some((one) => values.get(factKey(one)) !== one.holds))
    .map((branch) => `${outcomeText(branch)} ${conditionText(branch.if)}`);
}

function serverText({ server, destination: { host, port } }: ConditionalServer): string {
  return server ? `${objectText(server.object)}:${server.port}` : `${host}:${port}`;
}

function outcomeText({ outcome, undecidedBecause }: TracedBranch): string {
  if (outcome === 'absent') return 'not called';
  return undecidedBecause === undefined ? outcome : `${outcome} (${meaningOf(undecidedBecause)})`;
}
