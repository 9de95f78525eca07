import { ReportedFinding, ReportedWorlds } from './report';
import { dependingText, factsExpected, presumptionTexts, statingText } from '../../analysis/conditional';
import { namesText } from '../../findings/condition';
import { grouped } from '../../mesh/collections';
import { ExpectedFact } from '../../mesh/worlds/both-ways';
import { counted } from '../output/printer';

/**
 * What the findings presuppose of the facts that the manifests don't contain, what isn't shown, and how to state these facts. Empty if
 * nothing depends on them.
 *
 * @param shownBy the option or command that shows all findings
 */
export function noticeTexts(worlds: ReportedWorlds, all: boolean, shownBy = '--all'): readonly string[] {
  if (isWithoutEffect(worlds)) return [];
  const others = factsExpected(worlds.facts, undefined);
  return [
    ...presumptionTexts(worlds.facts),
    ...brokenThere(worlds),
    ...others.length > 0 ? [unexpectedText(others, worlds)] : [],
    ...all ? [] : hiddenText(worlds.unexpected, shownBy),
    `To state it: ${statingText(worlds.facts)}.`,
  ];
}

/** Whether no call and no finding depends on the facts, which nothing expects. */
function isWithoutEffect({ facts, with: all, without, unexpected }: ReportedWorlds): boolean {
  return all.connections + without.connections + unexpected.length === 0 && facts.every(({ expectedBy }) => expectedBy === undefined);
}

/** What breaks where only expected sidecars are: the columns don't show it. */
function brokenThere({ expected }: ReportedWorlds): readonly string[] {
  const broken = expected?.outcomes.broken ?? 0;
  return broken === 0 ? [] : [`With sidecars only there, ${counted(broken, 'connection')} ${broken === 1 ? 'is' : 'are'} broken.`];
}

function unexpectedText(facts: readonly ExpectedFact[], { facts: all, depending }: ReportedWorlds): string {
  const namespaces = facts.map(({ name }) => name);
  const found = all.length === 1 ? depending() : undefined;
  const connections = found && found.connections > 0 ? `: ${dependingText(found)} on it` : '';
  return `Nothing in the manifests expects sidecars in ${namesText(namespaces, 'namespace')}${connections}.`;
}

/** The ways in which findings may hold that nothing expects. */
const WAYS = ['with those sidecars', 'without', 'with some of them'] as const;

function wayOf({ conditions = [] }: ReportedFinding): typeof WAYS[number] {
  const [some, others] = [true, false].map((holds) => conditions.some((one) => one.holds === holds));
  return some && others ? 'with some of them' : some ? 'with those sidecars' : 'without';
}

/** The findings with values that nothing expects. */
function hiddenText(unexpected: readonly ReportedFinding[], shownBy: string): readonly string[] {
  const byWay = grouped(unexpected, wayOf);
  const ways = WAYS.flatMap((way) => {
    const found = byWay.get(way) ?? [];
    const [errors, warnings] = (['error', 'warning'] as const).map((wanted) => found.filter(({ severity }) => severity === wanted).length);
    const counts = [...errors > 0 ? [counted(errors, 'error')] : [], ...warnings > 0 ? [counted(warnings, 'warning')] : []];
    return counts.length > 0 ? [`${counts.join(' and ')} ${way}`] : [];
  });
  return ways.length > 0 ? [`Not shown: ${ways.join(', ')} (${shownBy} shows them).`] : [];
}

/** `sidecars in shop (not in the manifests)`. */
export function injectionText(facts: readonly ExpectedFact[]): string {
  const [namespaces, revisions] = (['namespace', 'revision'] as const).map((wanted) => facts.filter(({ fact }) => fact === wanted));
  return [
    ...namespaces.length > 0 ? [`sidecars in ${namesOf(namespaces, 'namespace')} (not in the manifests)`] : [],
    ...revisions.length > 0
      ? [`sidecars of ${revisions.length === 1 ? 'revision ' : ''}${namesOf(revisions, 'revision')} (not known to be installed)`] : [],
  ].join(' and ');
}

function namesOf(facts: readonly ExpectedFact[], noun: string): string {
  return namesText(facts.map(({ name }) => name), noun);
}
