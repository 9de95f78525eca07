import type { YAMLException } from 'js-yaml';
import { MeshConfigProblem, REJECTED } from './problem';
import { FieldPath } from '../../findings/field-path';
import { withoutQuotes } from '../../manifests/problems';
import { Objection } from '../objection';

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
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { load } = require('js-yaml') as typeof import('js-yaml');
  const { checkMeshConfig } = require('./check') as typeof import('./check');
  /* eslint-enable @typescript-eslint/no-require-imports */
  try {
    return checkMeshConfig(load(text)).map(objection);
  } catch (error) {
    return [unreadable(error as YAMLException)];
  }
}

function objection({ path, actual, expected, because, fix, consequence }: MeshConfigProblem): Objection {
  return {
    code: consequence === 'ignored' ? 'ADMIT602' : 'ADMIT603',
    severity: 'error',
    field: ['data', 'mesh', ...steps(path)],
    actual,
    expected,
    because,
    fix,
  };
}

/** `a.b[0]` as steps. */
function steps(path: string): FieldPath {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) => (index === undefined ? key : Number(index)));
}

function unreadable({ reason, mark }: YAMLException): Objection {
  return {
    code: 'ADMIT601',
    severity: 'error',
    field: ['data', 'mesh'],
    actual: `no YAML${mark ? ` in its line ${mark.line + 1}` : ''} (${withoutQuotes(reason)})`,
    expected: 'a mapping in YAML',
    because: REJECTED,
    fix: 'mend that line',
  };
}
