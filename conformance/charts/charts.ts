// The charts part: Istio's charts are rendered by Helm's code and by istioctl with what the constructs emit for a mesh with
// istio-csr, and the rendered objects must go with the constructs' manifests, and the analysis must find nothing in it.
import { istioVersion, moduleVersion } from '../node/module-version';
import type { PartOptions, PartResult } from '../part';
import { problemsIn } from './checks';
import { FAULTS } from './faults';
import { installations, type Installation } from './installations';
import { NotRendered, renderedByHelm, renderedByIstioctl } from './rendered';

export interface ChartFacts {
  readonly istio: string;
  readonly helm: string;
  /** How each istiod was installed, and how many objects came of it. */
  readonly rendered: readonly { readonly about: string; readonly objects: Readonly<Record<Form, number>> }[];
  readonly faults: readonly { readonly about: string; readonly seen: readonly string[] }[];
}

const FORMS = { helm: renderedByHelm, istioctl: renderedByIstioctl };

type Form = keyof typeof FORMS;

const formNames = Object.keys(FORMS) as Form[];

export async function charts({ print }: PartOptions): Promise<PartResult<ChartFacts>> {
  const count = { passed: 0, failed: 0 };
  const tell = (about: string, problems: readonly string[]): void => {
    count[problems.length === 0 ? 'passed' : 'failed'] += 1;
    for (const problem of problems) print(`charts: ${about}: ${problem}`);
  };
  const all = installations();
  const rendered = all.map((installation) => {
    const objects = { helm: 0, istioctl: 0 };
    for (const form of formNames) {
      const judged = judgedIn(form, installation);
      objects[form] = judged.objects;
      tell(`${installation.about}, by ${form}`, judged.problems);
    }
    if (objects.helm > 0) tell(`${installation.about}, by helm`, orderProblems(installation));
    return { about: installation.about, objects };
  });
  const faults = FAULTS.map(({ about, of, seen, make }) => {
    const broken = make(all.find((installation) => installation.about === of)!);
    const missed = formNames.flatMap((form) => {
      const { problems } = judgedIn(form, broken);
      return seen.filter((start) => !problems.some((problem) => problem.startsWith(start))).map((start) => `no '${start} …' is found of what ${form} makes of it`);
    });
    tell(`the fault '${about}'`, missed);
    return { about, seen };
  });
  return { ...count, facts: { istio: istioVersion(), helm: moduleVersion('helm.sh/helm/v4', 'charts'), rendered, faults } };
}

function judgedIn(form: Form, installation: Installation): { readonly objects: number; readonly problems: readonly string[] } {
  try {
    const objects = FORMS[form](installation);
    return { objects: objects.length, problems: problemsIn(installation, objects) };
  } catch (error) {
    if (error instanceof NotRendered) return { objects: 0, problems: [error.message] };
    throw error;
  }
}

/** The files of values may be given in any order. */
function orderProblems(installation: Installation): string[] {
  const turned = { ...installation, helmValues: [...installation.helmValues].reverse() };
  const same = JSON.stringify(renderedByHelm(installation)) === JSON.stringify(renderedByHelm(turned));
  return same ? [] : ['the order of the files of values makes a difference'];
}
