import { Acknowledged, uselessAcknowledgement } from './acknowledgements';
import { Analysis } from './judgement';
import { findingKey, inOrder, MeshFinding } from './mesh-finding';
import { Condition } from '../findings/condition';
import { grouped } from '../mesh/collections';
import { factKey } from '../mesh/workloads/missing-injection';
import { BothWays, JudgedWorld } from '../mesh/worlds/both-ways';

/** A finding that holds in a world that nothing expects, with the values of all facts there. */
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
 *
 * @param analyses that of each world
 */
export function conditionalFindings<J>(worlds: BothWays<J>, analyses: ReadonlyMap<JudgedWorld<J>, Analysis>): ConditionalAnalysis {
  const found = new Map([...analyses].map(([world, analysis]) => [world, byKey(analysis)] as const));
  const worldsWith = (key: string): ReadonlySet<JudgedWorld<J>> => (
    new Set([...found].filter(([, inWorld]) => inWorld.has(key)).map(([world]) => world)));
  const presumed = presumedIn(worlds);
  const due = [...found.get(worlds.weak)!].flatMap(([key, { finding, said }]) => {
    const isEverywhere = worldsWith(key).size === found.size;
    const graded = isEverywhere ? finding : isUseless(finding) ? undefined : expectedFinding(finding, worlds, worldsWith(key), presumed);
    return graded ? [{ key, finding: graded, said }] : [];
  });
  const keys = new Set(due.map(({ key }) => key));
  const others = [worlds.with, worlds.without, worlds.weak, worlds.strong].flatMap((world) => {
    // All findings of a world share one list: there may be thousands of findings, and of facts.
    const conditions = valuesIn(world, worlds);
    return [...found.get(world)!].flatMap(([key, { finding, said }]) => {
      if (keys.has(key) || said || isUseless(finding)) return [];
      keys.add(key);
      return [{ ...finding, conditions }];
    });
  });
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

/** The expected facts as conditions, those that are strongly expected and all; one list for all findings. */
type Presumed = Readonly<Record<'strong' | 'weak', readonly Condition[]>>;

function presumedIn<J>({ strong, weak }: BothWays<J>): Presumed {
  const [ofStrong, ofWeak] = [strong, weak].map(({ holding }) => holding.map((fact): Condition => ({ ...fact, holds: true })));
  return { strong: ofStrong, weak: ofWeak };
}

/** The finding with the expected facts as its condition; undefined: it doesn't hold in each world in which these are true. */
function expectedFinding<J>(
  finding: MeshFinding, { with: all, strong, weak }: BothWays<J>, having: ReadonlySet<JudgedWorld<J>>, presumed: Presumed,
): MeshFinding | undefined {
  if (strong.holding.length > 0 && [strong, weak, all].every((world) => having.has(world))) {
    return { ...finding, conditions: presumed.strong, expectation: 'strong' };
  }
  if (weak.holding.length === 0 || ![weak, all].every((world) => having.has(world))) return undefined;
  const severity = finding.severity === 'error' ? 'warning' : finding.severity;
  return { ...finding, severity, conditions: presumed.weak, expectation: 'weak' };
}

/** The values of all facts in a world. */
function valuesIn<J>({ holding }: JudgedWorld<J>, { facts }: BothWays<J>): readonly Condition[] {
  const held = new Set(holding.map(factKey));
  return facts.map(({ fact, name }) => ({ fact, name, holds: held.has(factKey({ fact, name })) }));
}
