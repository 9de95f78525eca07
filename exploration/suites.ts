// The random suites: what each tries, what its verdicts rest on, and how an exploration runs a turn of it.
import type { PartName } from '../conformance/part';

/** How a turn runs: a part of the conformance suite, tests of jest, or a program that prints what differs. */
export type Runs =
  | { readonly part: PartName }
  | { readonly jest: readonly string[] }
  | { readonly program: readonly string[]; readonly counted: '--cases' | '--histories' };

export interface Suite {
  /** What it counts. */
  readonly unit: string;
  /** Without it the suite has a committed seed, and no exploration. */
  readonly runs?: Runs;
  /** The paths that its verdicts rest on. */
  readonly inputs: readonly string[];
  /** How many cases are a turn, about a minute of work; of jest how many times as many as `npm cit` tries. */
  readonly turn: number;
  /** How much of the time it gets, beside 1 for the others. */
  readonly share?: number;
  /** It uses all processors, or is about time: nothing runs beside it. */
  readonly isAlone?: boolean;
}

const MODEL = ['src/mesh', 'src/manifests', 'src/admission', 'conformance', 'imports'];
const CERTIFICATES = [...MODEL, 'src/certificates', 'src/constructs/certificates', 'test/support'];
const LIBRARY = ['src', 'conformance/generators', 'imports', 'test/support'];

function ofJest(unit: string, turn: number, paths: readonly string[]): Suite {
  return { unit, turn, inputs: [...LIBRARY, ...paths], runs: { jest: paths } };
}

export const SUITES = {
  // Parts of the conformance suite.
  'connections': { unit: 'meshes', turn: 500, share: 4, inputs: MODEL, runs: { part: 'connections' } },
  'mixed': { unit: 'pairs of states', turn: 300, share: 3, inputs: MODEL, runs: { part: 'mixed' } },
  'partial': { unit: 'completions of partial meshes', turn: 100, share: 2, inputs: MODEL, runs: { part: 'partial' } },
  'data-plane': { unit: 'meshes that run', turn: 100, inputs: MODEL, runs: { part: 'data-plane' }, isAlone: true },
  'convergence': { unit: 'plans that are carried out', turn: 10, inputs: [...MODEL, 'src/migration'], runs: { part: 'convergence' }, isAlone: true },
  'rotations': { unit: 'CA rotations', turn: 6, inputs: CERTIFICATES, runs: { part: 'rotations' }, isAlone: true },
  'admission': { unit: 'objects', turn: 2000, share: 2, inputs: MODEL, runs: { part: 'admission' } },
  'fixes': { unit: 'fixes', turn: 200, inputs: [...MODEL, 'src/analysis', 'src/findings'], runs: { part: 'fixes' } },
  'yaml': { unit: 'texts', turn: 50_000, inputs: MODEL, runs: { part: 'yaml' } },
  'runbook': { unit: 'runbooks', turn: 20, inputs: ['src', 'conformance', 'imports'], runs: { part: 'runbook' } },
  'cas': { unit: 'CAs', turn: 150, inputs: CERTIFICATES, runs: { part: 'cas' } },
  // Programs of their own.
  'calls-query': { unit: 'histories of scrapes', turn: 1000, inputs: [...MODEL, 'src/migration'], runs: { program: ['conformance', 'calls-query'], counted: '--histories' } },
  'fuzz': { unit: 'changed manifests', turn: 500, inputs: ['src', 'imports', 'fuzz'], runs: { program: ['fuzz/run.mjs'], counted: '--cases' }, isAlone: true },
  // Tests of jest, in test/.
  'plans-in-process': { ...ofJest('plans in process', 25, ['test/mesh/plan']), share: 2 },
  'comparisons': ofJest('changes compared both ways', 25, ['test/mesh/compare', 'test/changes']),
  'decisions': ofJest('meshes', 15, [
    'test/mesh/authorization', 'test/mesh/calls', 'test/mesh/reasons', 'test/mesh/workloads/proxy.test.ts', 'test/mesh/worlds', 'test/mesh/mesh-towards.test.ts', 'test/expectations', 'test/report/traffic.test.ts', 'test/report/traffic-both-ways.test.ts',
  ]),
  'rules': ofJest('meshes', 15, ['test/analysis', 'test/baseline/broken-calls.test.ts', 'test/integration/hop.test.ts', 'test/cli/connections/verb-format-2.test.ts']),
  'explanations': ofJest('meshes', 25, ['test/explain', 'test/cli/explain/verb.test.ts']),
  'migrations': ofJest('plans to a mode', 25, ['test/migration/migration.test.ts', 'test/migration/mesh-cases.test.ts', 'test/migration/measured-servers.test.ts']),
  'trust-domains': ofJest('plans to a trust domain', 25, ['test/migration/trust-domain']),
  'adoption': ofJest('apps and meshes', 25, ['test/adoption']),
  'declared-calls': ofJest('apps', 25, ['test/constructs/authorization/guarded-service.test.ts']),
  'certificates': ofJest('CAs and changed certificates', 25, ['test/certificates']),
  'hostile': ofJest('inputs', 25, ['test/admission/hostile.test.ts', 'test/admission/catalogue.test.ts', 'test/admission/cel/rules.test.ts', 'test/cli/hostile.test.ts', 'test/cli/hostile-text.test.ts']),
  'texts': ofJest('texts', 25, ['test/baseline/baseline-file.test.ts', 'test/findings', 'test/manifests']),
  // What has a seed, and is no exploration: measurements, and faults that random cases must show.
  'self-test': { unit: 'meshes', turn: 1000, inputs: MODEL },
  'fix-share': { unit: 'meshes', turn: 1000, inputs: MODEL },
  'peers': { unit: 'meshes', turn: 100, inputs: MODEL },
  'same-output': { unit: 'meshes', turn: 1000, inputs: MODEL },
} satisfies Readonly<Record<string, Suite>>;

export type SuiteName = keyof typeof SUITES;

export const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];

export const suiteOf = (name: SuiteName): Suite => SUITES[name];

export function isSuiteName(name: string): name is SuiteName {
  return Object.hasOwn(SUITES, name);
}
