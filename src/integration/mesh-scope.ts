import { IConstruct } from 'constructs';
import { IIstioMesh, MeshFacts } from './mesh-facts';
import { pathOf } from './mesh-refusals';
import { refusal, RefusalDetails, refusalMessage } from '../findings/refusal';

/** How many meshes an error names. */
const SHOWN = 3;

/**
 * The one mesh that a scope names: the one at or below it, otherwise the one around it.
 *
 * @throws if there are several, or if no mesh of an app with meshes owns the scope
 */
export function oneMeshOf(scope: IConstruct): MeshFacts {
  const named = MeshFacts.owners(scope).namedBy(scope);
  if (named.length > 1) {
    throw refusal({
      ...scopeOf('MtlsAnalysis', scope),
      actual: `${pathOf(scope)}, which holds the meshes ${textOf(named, 'and')}`,
      expected: 'one mesh',
      because: 'each mesh is analyzed on its own',
      fix: `pass ${textOf(named, 'or')}`,
    });
  }
  const outside = outsideOfMeshes(named[0], 'MtlsAnalysis', scope);
  if (outside) throw refusal(outside);
  return named[0];
}

/** Why a scope names nothing that can be judged at synth: no mesh owns it, though the app has some. */
export function outsideMessages(mesh: MeshFacts, kind: string, scope: IConstruct): string[] {
  const outside = outsideOfMeshes(mesh, kind, scope);
  return outside ? [refusalMessage(outside)] : [];
}

/**
 * The IstioMesh that owns a scope.
 *
 * @throws if there is none, or one for each of several istiods
 */
export function oneIstioMeshOf(scope: IConstruct): IIstioMesh {
  const [first, ...others] = MeshFacts.of(scope).istioMeshes;
  if (first && others.length === 0) return first;
  throw refusal({
    ...scopeOf('IstioMesh', scope),
    actual: first ? `${pathOf(scope)}, whose mesh has ${others.length + 1} of them: ${[first, ...others].map(pathOf).join(', ')}`
      : `${pathOf(scope)}, which is in no mesh`,
    expected: 'a construct that one IstioMesh owns',
    because: first ? 'their namespaces or revisions differ' : 'there is nothing whose facts could be read',
    fix: first ? 'use the variable of the right IstioMesh' : "create an IstioMesh around it, or pass it to the IstioMesh as 'owns'",
  });
}

function outsideOfMeshes(mesh: MeshFacts, kind: string, scope: IConstruct): RefusalDetails | undefined {
  const owners = MeshFacts.owners(scope);
  if (mesh !== owners.unowned || owners.meshes.length === 0) return undefined;
  return {
    ...scopeOf(kind, scope),
    actual: `${pathOf(scope)}, which is in no mesh`,
    expected: 'a construct in a mesh, or one that holds meshes',
    because: 'other parts of the app have an IstioMesh',
    fix: `pass ${textOf(owners.meshes, 'or')}`,
  };
}

function scopeOf(kind: string, { node: { path } }: IConstruct): Pick<RefusalDetails, 'code' | 'kind' | 'path' | 'field'> {
  return { code: 'API891', kind, path, field: 'scope' };
}

/** `dev, test or prod`. */
function textOf(meshes: readonly MeshFacts[], word: 'and' | 'or'): string {
  const names = meshes.slice(0, SHOWN).map(({ name }) => name);
  const all = meshes.length > SHOWN ? [...names, `${meshes.length - SHOWN} more`] : names;
  return all.length === 1 ? all[0] : `${all.slice(0, -1).join(', ')} ${meshes.length > SHOWN ? 'and' : word} ${all[all.length - 1]}`;
}
