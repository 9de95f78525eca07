// The documented part: each line of Helm, kustomize, kubectl and curl that the documentation shows is typed as it is printed, with the
// real programs, in a folder, a cluster and beside a Prometheus that have what it names; and the alerts of MtlsAlerts are shown to promtool.
import { moduleVersion } from '../node/module-version';
import type { PartOptions, PartResult } from '../part';
import { alertOutcomes, type AlertOutcome } from './alerts';
import { documentedLines, type DocumentedLine } from './lines';
import { problemsOf, RECIPES, type Recipe } from './recipes';
import { surrounded, type Surroundings } from './surroundings';

export interface DocumentedFacts {
  readonly versions: Readonly<Record<'helm' | 'kustomize' | 'kubernetes' | 'prometheus', string>>;
  /** Each line as it is printed, with what it was run in. */
  readonly lines: readonly { readonly text: string; readonly trials: readonly string[] }[];
  readonly alerts: readonly string[];
  /** Cases of the alerts. */
  readonly cases: number;
  /** Faults that were made, and told. */
  readonly faults: readonly string[];
}

type Tell = (outcome: AlertOutcome) => void;

const UNKNOWN = 'the part does not know how to run it. Fix: add a recipe to conformance/documented/recipes.ts';

/** Nothing in it is random. */
export async function documented({ print }: PartOptions): Promise<PartResult<DocumentedFacts>> {
  const count = { passed: 0, failed: 0 };
  const tell: Tell = ({ about, problems }) => {
    count[problems.length === 0 ? 'passed' : 'failed'] += 1;
    for (const problem of problems) print(`documented: ${about}: ${problem}`);
  };
  const alerts = alertOutcomes();
  [...alerts.cases, ...alerts.faults].forEach(tell);
  const lines = documentedLines();
  const faults = await surrounded(lines, (surroundings) => typed(lines, surroundings, tell));
  return {
    ...count,
    facts: {
      versions: {
        helm: moduleVersion('helm.sh/helm/v3', 'charts'), kustomize: moduleVersion('sigs.k8s.io/kustomize/kustomize/v5', 'kubectl'),
        kubernetes: moduleVersion('k8s.io/kubernetes', 'kubectl'), prometheus: moduleVersion('github.com/prometheus/prometheus', 'prometheus'),
      },
      lines: lines.map(({ text }) => ({ text, trials: recipeOf(text)?.trials.map(({ about }) => about) ?? [] })),
      alerts: alerts.alerts,
      cases: alerts.cases.length,
      faults: [...alerts.faults.map(({ about }) => about), ...faults],
    },
  };
}

/** Types all lines, and those of Helm without its namespace. Gives the faults that were made. */
async function typed(lines: readonly DocumentedLine[], surroundings: Surroundings, tell: Tell): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { page, text } of lines) {
    const recipe = recipeOf(text);
    if (!recipe) tell({ about: `${page}: ${text}`, problems: [UNKNOWN] });
    for (const trial of recipe?.trials ?? []) tell({ about: `${page}: ${text}: ${trial.about}`, problems: await problemsOf(text, trial, surroundings) });
    const faulty = recipe?.isOfRelease && text.replace(/^(helm template shop \.\/chart) -n shop /, '$1 ');
    if (!recipe || !faulty || faulty === text) continue;
    faults.push(faulty);
    tell({ about: `the fault '${faulty}'`, problems: await isTold(faulty, recipe, surroundings) ? [] : ['no trial tells it'] });
  }
  for (const { pattern } of RECIPES) if (!lines.some(({ text }) => pattern.test(text))) tell({ about: `the recipe ${pattern}`, problems: ['no page has such a line'] });
  return faults;
}

async function isTold(line: string, { trials }: Recipe, surroundings: Surroundings): Promise<boolean> {
  for (const trial of trials) if ((await problemsOf(line, trial, surroundings)).length > 0) return true;
  return false;
}

function recipeOf(text: string): Recipe | undefined {
  return RECIPES.find(({ pattern }) => pattern.test(text));
}
