// The library that is judged: as it is compiled in lib/, with the types of its sources.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const LIB = join(__dirname, '..', 'lib');

/** What the suite loads of the library, by its path in src/. */
export interface LibraryModules {
  'admission/admission': typeof import('../src/admission/admission');
  'adoption/adoption': typeof import('../src/adoption/adoption');
  'adoption/proposals/proposals': typeof import('../src/adoption/proposals/proposals');
  'analysis/analysis': typeof import('../src/analysis/analysis');
  'analysis/judgement': typeof import('../src/analysis/judgement');
  'certificates/ca-checks': typeof import('../src/certificates/ca-checks');
  'certificates/ca-files': typeof import('../src/certificates/ca-files');
  'certificates/ca-rotation': typeof import('../src/certificates/ca-rotation');
  'certificates/ca-secret': typeof import('../src/certificates/ca-secret');
  'certificates/rotation-plan': typeof import('../src/certificates/rotation-plan');
  'cli/ca/rotate/folder': typeof import('../src/cli/ca/rotate/folder');
  'constructs/authorization/allowed-callers': typeof import('../src/constructs/authorization/allowed-callers');
  'constructs/authorization/calls': typeof import('../src/constructs/authorization/calls');
  'constructs/authorization/caller': typeof import('../src/constructs/authorization/caller');
  'constructs/authorization/default-deny': typeof import('../src/constructs/authorization/default-deny');
  'constructs/authorization/required-token': typeof import('../src/constructs/authorization/required-token');
  'constructs/networking/services': typeof import('../src/constructs/networking/services');
  'constructs/pods': typeof import('../src/constructs/pods');
  'constructs/certificates/ca-rotation': typeof import('../src/constructs/certificates/ca-rotation');
  'constructs/certificates/ca-source': typeof import('../src/constructs/certificates/ca-source');
  'constructs/certificates/rotating-ca': typeof import('../src/constructs/certificates/rotating-ca');
  'explain/explanation': typeof import('../src/explain/explanation');
  'findings/finding': typeof import('../src/findings/finding');
  'index': typeof import('../src/index');
  'manifests/as-applied': typeof import('../src/manifests/as-applied');
  'manifests/manifests': typeof import('../src/manifests/manifests');
  'manifests/yaml/read-yaml': typeof import('../src/manifests/yaml/read-yaml');
  'mesh/calls/connections': typeof import('../src/mesh/calls/connections');
  'mesh/model/path': typeof import('../src/mesh/model/path');
  'mesh/model/transport': typeof import('../src/mesh/model/transport');
  'mesh/calls/traced-connection': typeof import('../src/mesh/calls/traced-connection');
  'mesh/compare/object-changes': typeof import('../src/mesh/compare/object-changes');
  'mesh/inventory/inventory': typeof import('../src/mesh/inventory/inventory');
  'mesh/mesh': typeof import('../src/mesh/mesh');
  'mesh/plan/plan': typeof import('../src/mesh/plan/plan');
  'mesh/worlds/branches': typeof import('../src/mesh/worlds/branches');
  'mesh/worlds/connections-both-ways': typeof import('../src/mesh/worlds/connections-both-ways');
  'mesh/worlds/worlds': typeof import('../src/mesh/worlds/worlds');
  'migration/calls-query': typeof import('../src/migration/calls-query');
  'migration/measurements': typeof import('../src/migration/measurements');
}

export function libraryModule<Path extends keyof LibraryModules>(path: Path): LibraryModules[Path] {
  const file = join(LIB, 'src', `${path}.js`);
  if (!existsSync(file)) throw new Error(`${file} is missing; expected a compiled library. Fix: npx projen compile`);
  return createRequire(file)(file);
}
