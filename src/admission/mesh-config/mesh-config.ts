import { MeshConfigProblem, REJECTED_BY_ISTIOD, stepsOf } from './problem';
import { UnreadableText } from '../../manifests/yaml/events';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { Objection, ObjectionList } from '../objection';

/** `istio`, or `istio-<revision>`. */
const NAME = /^istio(-[a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/;

/**
 * What istiod would ignore or reject in its mesh config: the `mesh` text of ConfigMap `istio`, or
 * `istio-<revision>`, in istiod's namespace. Nothing for any other object.
 *
 * The API server admits any text here, and istiod tells its log at most. So all of it is an error: it is the
 * only word that the user will get.
 */
export function meshConfigObjections(object: any, istiodNamespace: string): Objection[] {
  if (object?.kind !== 'ConfigMap' || object.apiVersion !== 'v1') return [];
  const { name, namespace } = object.metadata ?? {};
  const text: unknown = object.data?.mesh;
  if (typeof text !== 'string' || typeof name !== 'string' || !NAME.test(name)) return [];
  if (namespace && namespace !== istiodNamespace) return [];
  // Loaded when there is a mesh config to judge.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { meshConfigProblems } = require('./check') as typeof import('./check');
  try {
    const found = new ObjectionList();
    for (const problem of meshConfigProblems(readYaml(text))) found.add(objection(problem));
    return found.all;
  } catch (error) {
    if (error instanceof UnreadableText) return [unreadable(error, text)];
    throw error;
  }
}

function objection({ path, actual, expected, because, fix, consequence }: MeshConfigProblem): Objection {
  return {
    code: consequence === 'ignored' ? 'ADMIT602' : 'ADMIT603',
    severity: 'error',
    field: ['data', 'mesh', ...stepsOf(path)],
    actual,
    expected,
    because,
    fix,
  };
}

function unreadable({ code, message, at }: UnreadableText, text: string): Objection {
  // istiod may take it, but differently than it looks.
  const kind = code === 'ADMIT159' || code === 'ADMIT160' ? 'ambiguous YAML' : 'no YAML';
  return {
    code: 'ADMIT601',
    severity: 'error',
    field: ['data', 'mesh'],
    actual: `${kind} in its line ${text.slice(0, at).split('\n').length} (${message})`,
    expected: 'a mapping in YAML',
    because: REJECTED_BY_ISTIOD,
    fix: 'mend that line',
  };
}
