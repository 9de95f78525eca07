import { mapping } from '../../manifests/mapping';
import { MeshConfigProblem, REJECTED_BY_ISTIOD, pathSteps } from '../../manifests/mesh-config/problem';
import { UnreadableText } from '../../manifests/yaml/events';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { late } from '../../modules/late';
import { Objections, ObjectionText } from '../objection';

/** `istio`, or `istio-<revision>`. */
const NAME = /^istio(-[a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/;

/**
 * Reports what istiod would ignore or reject in its mesh config: the `mesh` text of ConfigMap `istio`, or
 * `istio-<revision>`, in istiod's namespace. Reports nothing for any other object.
 *
 * The API server admits any text here, and istiod at most writes to its log. What makes istiod reject the whole text is an
 * error, and what it ignores a warning: the rest is in force.
 */
export function judgeMeshConfig(objections: Objections, object: unknown, istiodNamespace: string): void {
  const { apiVersion, kind, metadata, data } = mapping(object);
  if (kind !== 'ConfigMap' || apiVersion !== 'v1') return;
  const { name, namespace } = mapping(metadata);
  const text = mapping(data).mesh;
  if (typeof text !== 'string' || typeof name !== 'string' || !NAME.test(name)) return;
  if (namespace && namespace !== istiodNamespace) return;
  const at = objections.at('data', 'mesh');
  // Loaded when there is a mesh config to judge.
  const { meshConfigProblems } = late<typeof import('../../manifests/mesh-config/check')>(
    () => require('../../manifests/mesh-config/check'),
  );
  try {
    for (const problem of meshConfigProblems(readYaml(text))) {
      const there = at.at(...pathSteps(problem.path));
      if (problem.consequence === 'ignored') there.warning(textOf(problem));
      else there.error(textOf(problem));
    }
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    at.error(unreadable(error, text));
  }
}

function textOf({ actual, expected, because, fix, consequence }: MeshConfigProblem): ObjectionText {
  return { code: consequence === 'ignored' ? 'ADMIT602' : 'ADMIT603', actual, expected, because, fix };
}

function unreadable({ code, message, at }: UnreadableText, text: string): ObjectionText {
  // istiod may accept it, but with another meaning than it seems.
  const kind = code === 'ADMIT159' || code === 'ADMIT160' ? 'ambiguous YAML' : 'invalid YAML';
  return {
    code: 'ADMIT601',
    actual: `${kind} in line ${text.slice(0, at).split('\n').length} (${message})`,
    expected: 'a mapping in YAML',
    because: REJECTED_BY_ISTIOD,
    fix: 'fix that line',
  };
}
