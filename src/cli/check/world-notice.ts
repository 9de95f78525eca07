import { statingText } from './world-columns';
import { conditionsText, namesText } from '../../findings/condition';
import { objectText } from '../../mesh/inventory/object';
import { ExpectedFact } from '../../mesh/worlds/both-ways';
import { ExpectedBy } from '../../mesh/worlds/expectations';
import { ReportedFinding, ReportedWorlds } from '../findings/report';
import { counted } from '../output/printer';

/** What the findings presuppose of the facts that the manifests don't contain, what isn't shown, and how to state these facts. */
export function noticeTexts(worlds: ReportedWorlds, all: boolean): readonly string[] {
  const of = (strength: ExpectedBy['strength'] | undefined): readonly ExpectedFact[] => (
    worlds.facts.filter(({ expectedBy }) => expectedBy?.strength === strength));
  const [strong, weak, others] = [of('strong'), of('weak'), of(undefined)];
  return [
    ...strong.length > 0 ? [`${presumedText(strong, 'expect')}.`] : [],
    ...weak.length > 0 ? [`${presumedText(weak, 'suggest')}; errors that depend on it are warnings.`] : [],
    ...others.length > 0 ? [unexpectedText(others, worlds)] : [],
    ...all ? [] : hiddenText(worlds.unexpected),
    statingText(worlds),
  ];
}

/** `Judged as if shop has sidecars, as 6 objects expect, such as Sidecar shop/default`. */
function presumedText(facts: readonly ExpectedFact[], verb: string): string {
  const count = facts.reduce((sum, { expectedBy }) => sum + expectedBy!.objects, 0);
  const conditions = facts.map(({ fact, name }) => ({ fact, name, holds: true }));
  const [{ expectedBy }] = facts;
  const example = objectText(expectedBy!.example);
  const who = count === 1 ? `as ${example} ${verb}s` : `as ${counted(count, 'object')} ${verb}, such as ${example}`;
  return `Judged as if ${conditionsText(conditions)}, ${who}`;
}

function unexpectedText(facts: readonly ExpectedFact[], { facts: all, waiting }: ReportedWorlds): string {
  const namespaces = facts.map(({ name }) => name);
  const depending = all.length === 1 && waiting > 0
    ? `: ${counted(waiting, 'connection')} ${waiting === 1 ? 'depends' : 'depend'} on it` : '';
  return `Nothing in the manifests expects sidecars in ${namesText(namespaces, 'namespace')}${depending}.`;
}

/** The findings with values that nothing expects. */
function hiddenText(unexpected: readonly ReportedFinding[]): readonly string[] {
  const ways = ([['with those sidecars', true], ['without', false]] as const).flatMap(([way, holds]) => {
    const found = unexpected.filter(({ conditions }) => conditions!.every((one) => one.holds === holds));
    const [errors, warnings] = (['error', 'warning'] as const).map((wanted) => found.filter(({ severity }) => severity === wanted).length);
    const counts = [...errors > 0 ? [counted(errors, 'error')] : [], ...warnings > 0 ? [counted(warnings, 'warning')] : []];
    return counts.length > 0 ? [`${counts.join(' and ')} ${way}`] : [];
  });
  return ways.length > 0 ? [`Not shown: ${ways.join(', ')} (--all shows them).`] : [];
}
