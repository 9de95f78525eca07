import { Acknowledged, uselessAcknowledgement } from './acknowledgements';
import { Analysis } from './judgement';
import { findingKey, inOrder, MeshFinding } from './mesh-finding';
import { Condition } from '../findings/condition';
import { grouped } from '../mesh/collections';
import { BothWays, JudgedWorld } from '../mesh/worlds/both-ways';
import { ShortestConditions } from '../mesh/worlds/shortest-condition';

/** A finding that holds in a world that nothing expects, with the values there of the facts that it depends on. */
interface UnexpectedFinding extends MeshFinding {
  readonly conditions: readonly Condition[];
}

/** A finding in one world, and who acknowledged it there. */
interface FoundInWorld {
  readonly finding: MeshFinding;
  readonly said?: Omit<Acknowledged, 'finding'>;
}

/** The findings that are due, and those that nothing expects. */
export interface ConditionalAnalysis extends Analysis {
  readonly unexpected: readonly UnexpectedFinding[];
}

/**
 * Merges the findings of several worlds. One that holds in all of them is due as it is. One that holds wherever the strongly expected
 * facts do is due under that condition; an error that needs weakly expected facts as well is only a warning. All others are unexpected.
 * Conditions name as few facts as the worlds allow.
 *
 * @param analyses that of each world
 */
export function conditionalFindings<J>(worlds: BothWays<J>, analyses: ReadonlyMap<JudgedWorld<J>, Analysis>): ConditionalAnalysis {
  const found = new Map([...analyses].map(([world, analysis]) => [world, byKey(analysis)] as const));
  const worldsWith = (key: string): ReadonlySet<JudgedWorld<J>> => (
    new Set([...found].filter(([, inWorld]) => inWorld.has(key)).map(([world]) => world)));
  const conditions = new ShortestConditions(worlds);
  const due = [...found.get(worlds.weak)!].flatMap(([key, { finding, said }]) => {
    const graded = expectedFinding(finding, worlds, worldsWith(key), conditions);
    return graded && !(isUseless(finding) && graded.conditions) ? [{ key, finding: graded, said }] : [];
  });
  const keys = new Set(due.map(({ key }) => key));
  const others = [worlds.with, worlds.without, worlds.weak, worlds.strong].flatMap((world) => (
    [...found.get(world)!].flatMap(([key, { finding, said }]) => {
      if (keys.has(key) || said || isUseless(finding)) return [];
      keys.add(key);
      return [{ ...finding, conditions: conditions.in(world, worldsWith(key)) }];
    })));
  return {
    findings: due.flatMap(({ finding, said }) => (said ? [] : [finding])),
    acknowledged: due.flatMap(({ finding, said }) => (said ? [{ finding, ...said }] : [])),
    unexpected: inOrder(others),
  };
}

/** An acknowledgement that matches a finding in some world isn't useless. */
function isUseless({ code }: MeshFinding): boolean {
  return code === uselessAcknowledgement.code;
}

/** The findings by code, field and severity; several alike are numbered. */
function byKey({ findings, acknowledged }: Analysis): ReadonlyMap<string, FoundInWorld> {
  const known = acknowledged.map(({ finding, ...said }): FoundInWorld => ({ finding, said }));
  const all = [...findings.map((finding): FoundInWorld => ({ finding })), ...known];
  const keyed = new Map<string, FoundInWorld>();
  for (const [key, alike] of grouped(all, ({ finding }) => `${findingKey(finding)} ${finding.severity}`)) {
    for (const [index, one] of alike.entries()) keyed.set(`${key} ${index}`, one);
  }
  return keyed;
}

/** The finding with its condition, if it has one; undefined: it doesn't hold wherever the expected facts do. */
function expectedFinding<J>(
  finding: MeshFinding, worlds: BothWays<J>, having: ReadonlySet<JudgedWorld<J>>, conditions: ShortestConditions<J>,
): MeshFinding | undefined {
  if (![worlds.weak, worlds.with].every((world) => having.has(world))) return undefined;
  if (!having.has(worlds.strong)) {
    const severity = finding.severity === 'error' ? 'warning' : finding.severity;
    return { ...finding, severity, conditions: conditions.in(worlds.weak, having), expectation: 'weak' };
  }
  const needed = conditions.in(worlds.strong, having);
  if (needed.length === 0) return finding;
  return { ...finding, conditions: needed, ...needed.some(({ holds }) => holds) && { expectation: 'strong' } };
}
