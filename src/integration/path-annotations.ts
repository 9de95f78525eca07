import { ApiObject } from 'cdk8s';
import { settingsOf } from './app-mesh';
import { attachedTo } from './attachments';
import { MeshFacts } from './mesh-facts';
import { CONSTRUCT_PATH, WorkloadKinds } from '../manifests/kinds';

/** Writes onto each workload the path of its construct, if MtlsAnalysis is attached to its mesh with `constructPaths`. */
export function annotatePaths(mesh: MeshFacts, objects: readonly ApiObject[]): void {
  const { constructPaths, ...options } = attachedTo(mesh)?.options ?? {};
  if (!constructPaths) return;
  const kinds = WorkloadKinds.with(settingsOf(options).facts(options, 'MtlsAnalysis').workloadKinds);
  for (const { metadata, node: { path } } of objects.filter((object) => kinds.of(object))) metadata.addAnnotation(CONSTRUCT_PATH, path);
}
