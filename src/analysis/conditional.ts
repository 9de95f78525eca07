import { ConditionalAnalysis } from './both-ways';
import { WouldDecide } from './would-decide';
import { conditionsText, MissingInjection, whetherText } from '../findings/condition';
import { Finding } from '../findings/finding';
import { numeral } from '../findings/numeral';
import { shellWord } from '../findings/shell-words';
import { MeshChange } from '../mesh/change/mesh-change';
import { objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { ExpectedFact } from '../mesh/worlds/both-ways';
import { dependingConnections } from '../mesh/worlds/depending-connections';
import { ExpectedBy } from '../mesh/worlds/expectations';

/** The facts that objects expect to hold as plainly as this; undefined: those that none expects. */
export function factsExpected(facts: readonly ExpectedFact[], strength: ExpectedBy['strength'] | undefined): readonly ExpectedFact[] {
  return facts.filter(({ expectedBy }) => expectedBy?.strength === strength);
}

/** What findings presuppose of the facts that manifests don't contain, a sentence each: `Judged as if shop has sidecars, as …`. */
export function presumptionTexts(facts: readonly ExpectedFact[]): readonly string[] {
  const [strong, weak] = [factsExpected(facts, 'strong'), factsExpected(facts, 'weak')];
  return [
    ...strong.length > 0 ? [`${presumedText(strong, 'expect')}.`] : [],
    ...weak.length > 0 ? [`${presumedText(weak, 'suggest')}; errors that depend on it are warnings.`] : [],
  ];
}

/** `Judged as if shop has sidecars, as 6 objects expect, such as Sidecar shop/default`. */
function presumedText(facts: readonly ExpectedFact[], verb: Expecting): string {
  const conditions = facts.map(({ fact, name }) => ({ fact, name, holds: true }));
  return `Judged as if ${conditionsText(conditions)}, ${expectingText(facts, verb)}`;
}

/** What objects do that mean nothing without a fact: strongly, or weakly. */
type Expecting = 'expect' | 'suggest';

/** `as Sidecar shop/default expects`, of facts that objects expect. */
export function expectingText(facts: readonly ExpectedFact[], verb: Expecting): string {
  const count = facts.reduce((sum, { expectedBy }) => sum + expectedBy!.objects, 0);
  const example = objectText(facts[0].expectedBy!.example);
  return count === 1 ? `as ${example} ${verb}s` : `as ${numeral(count)} objects ${verb}, such as ${example}`;
}

/** How many facts options are spelled out for. */
const NAMES = 3;

/** How to state facts: `--injected-namespace shop or --uninjected-namespace shop, or add the Namespace`. */
export function statingText(facts: readonly MissingInjection[]): string {
  const [namespaces, revisions] = (['namespace', 'revision'] as const).map((wanted) => facts.filter(({ fact }) => fact === wanted));
  const [injected, uninjected] = ['--injected-namespace', '--uninjected-namespace'].map((option) => optionText(option, namespaces));
  const options = [
    ...namespaces.length > 0 ? [`${injected} or ${uninjected}`] : [],
    ...revisions.length > 0 ? [revisions.map(({ name }) => `--installed-revision ${shellWord(name)}`).join(' ')] : [],
  ];
  const objects = namespaces.length > 0 ? `, or add the Namespace${namespaces.length === 1 ? '' : 's'}` : '';
  return `${options.join('; ')}${objects}`;
}

function optionText(option: string, facts: readonly MissingInjection[]): string {
  return facts.length > NAMES ? `${option} "*"` : facts.map(({ name }) => `${option} ${shellWord(name)}`).join(' ');
}

/** How many connections depend on facts about injection. */
export interface Depending {
  readonly connections: number;
  /** They are too many to decide each: so many wait for a fact, and may have the same outcome whatever it is. */
  readonly isBound: boolean;
}

/** @param wanted what would decide the undecided connections: one may wait for two facts */
export function dependingOnInjection(judged: Mesh | MeshChange, { facts }: WouldDecide): Depending {
  const connections = dependingConnections(judged);
  if (connections !== undefined) return { connections, isBound: false };
  const waiting = facts.filter(({ need }) => need === 'namespace' || need === 'revision').map((fact) => fact.connections);
  return { connections: Math.max(0, ...waiting), isBound: true };
}

/** `3 connections depend`, `1 connection may depend`. */
export function dependingText({ connections, isBound }: Depending, noun = 'connection'): string {
  const verb = isBound ? 'may depend' : connections === 1 ? 'depends' : 'depend';
  return `${numeral(connections)} ${noun}${connections === 1 ? '' : 's'} ${verb}`;
}

/** What depends on facts that manifests don't contain. */
interface Conditional {
  readonly facts: readonly MissingInjection[];
  readonly depending: Depending;
  readonly findings: readonly Finding[];
  readonly unexpected: ConditionalAnalysis['unexpected'] | readonly Finding[];
}

/** The findings and connections for which `conditional` fails a run, a sentence each. */
export function conditionalTexts({ facts, depending, findings, unexpected }: Conditional): readonly string[] {
  const found = findings.filter(({ expectation, severity }) => expectation === 'weak' && severity !== 'info').length
    + unexpected.filter(({ severity }) => severity === 'error').length;
  const texts = [
    ...found > 0 ? [dependingText({ connections: found, isBound: false }, 'finding')] : [],
    ...depending.connections > 0 ? [dependingText(depending)] : [],
  ];
  return texts.map((text) => `${text} on ${whetherText(facts)}`);
}
