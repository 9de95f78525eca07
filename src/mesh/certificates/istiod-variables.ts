import { FieldPath } from '../../findings/finding';
import { booleanText, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { KIND } from '../inventory/kinds';
import { MeshObject, readObject } from '../inventory/object';
import type { Mesh } from '../mesh';

/** A boolean variable in an istiod's environment. */
export interface BooleanVariable {
  /** Where its value is, or where the variables are. */
  readonly field: FieldPath;
  /** Undefined: its value comes from something that the manifests don't contain. */
  readonly value: boolean | undefined;
}

/**
 * Reads a variable that is true by default.
 *
 * @param told the value if the Deployment doesn't set it
 */
export function booleanVariable(deployment: MeshObject, name: string, told: Readonly<Record<string, string>> = {}): BooleanVariable {
  const containers = mappings(podSpec(deployment).containers);
  const index = Math.max(0, containers.findIndex((container) => container.name === 'discovery'));
  const { env, envFrom } = mapping(containers[index]);
  const field = ['spec', 'template', 'spec', 'containers', index, 'env'];
  const variables = mappings(env);
  const at = variables.map((variable) => variable.name).lastIndexOf(name); // Of several, Kubernetes takes the last.
  const isElsewhere = at < 0 ? mappings(envFrom).length > 0 : variables[at].valueFrom !== undefined;
  const value = at < 0 || isElsewhere ? told[name] : text(variables[at].value);
  return { field: at < 0 ? field : [...field, at, 'value'], value: isElsewhere && value === undefined ? undefined : booleanText(value) ?? true };
}

const ISTIOD = /^istiod(?:-(.+))?$/;

/** The Deployments that run istiods in some namespaces. */
export function istiodDeployments({ objects }: Mesh, namespaces: ReadonlySet<string>): readonly MeshObject[] {
  return objects.of(KIND.Deployment).filter(({ name, namespace }) => ISTIOD.test(name) && namespaces.has(namespace));
}

/** The revision in an istiod's name. */
export function revisionInName({ name }: MeshObject): string | undefined {
  return ISTIOD.exec(name)![1];
}

/** The value of a variable for istiods known only from installers' files and the caller, each with its namespace. */
export function toldVariables(
  { options: { meshConfigs = [], istiodEnv } }: Mesh, name: string,
): readonly { readonly namespace: string; readonly value: boolean }[] {
  return meshConfigs.map(({ manifest, env }) => {
    const value = booleanText(istiodEnv?.[name] ?? env?.[name]) ?? true;
    return { namespace: readObject(manifest)!.namespace, value };
  });
}

export function podSpec({ spec }: MeshObject): Mapping {
  return mapping(mapping(mapping(spec).template).spec);
}

/** The variable that makes istiod read no revocation lists. */
const REVOCATION_LISTS = 'PILOT_ENABLE_CA_CRL';

/** Whether an istiod in a namespace reads the revocation lists next to its CA. By default, it does. */
export function readsRevocationLists(mesh: Mesh, namespace: string): boolean {
  const { istiodEnv } = mesh.options;
  const run = istiodDeployments(mesh, new Set([namespace])).map((deployment) => booleanVariable(deployment, REVOCATION_LISTS, istiodEnv).value);
  const told = toldVariables(mesh, REVOCATION_LISTS).filter((one) => one.namespace === namespace).map(({ value }) => value);
  const known = run.length > 0 ? run : told;
  return known.length > 0 ? known.includes(true) : booleanText(istiodEnv?.[REVOCATION_LISTS]) ?? true;
}
