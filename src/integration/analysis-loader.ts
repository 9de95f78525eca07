/** Loaded when somebody asks: whoever imports the library only to find a construct doesn't wait for it. */
export function analysisModules() {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { analyze } = require('../analysis/analysis') as typeof import('../analysis/analysis');
  const { analyzeChange } = require('../analysis/change-analysis') as typeof import('../analysis/change-analysis');
  const { wouldDecide } = require('../analysis/would-decide') as typeof import('../analysis/would-decide');
  const { undecidedMessage } = require('../analysis/waiting-text') as typeof import('../analysis/waiting-text');
  const { AnalysisSettings } = require('./analysis-settings') as typeof import('./analysis-settings');
  const { Mesh } = require('../mesh/mesh') as typeof import('../mesh/mesh');
  const { bothFacts } = require('../mesh/config/control-plane-facts') as typeof import('../mesh/config/control-plane-facts');
  const { withInstalled } = require('../configuration/installed') as typeof import('../configuration/installed');
  const { MeshChange } = require('../mesh/change/mesh-change') as typeof import('../mesh/change/mesh-change');
  const { filterFor } = require('../mesh/connections/selection') as typeof import('../mesh/connections/selection');
  const { readManifests } = require('../manifests/manifests') as typeof import('../manifests/manifests');
  const { inNamespace } = require('../manifests/known-kinds') as typeof import('../manifests/known-kinds');
  const { WorkloadKinds } = require('../manifests/workload-kinds') as typeof import('../manifests/workload-kinds');
  const { problemMessage } = require('../manifests/problem-message') as typeof import('../manifests/problem-message');
  const { readYaml: parseYaml } = require('../manifests/yaml/read-yaml') as typeof import('../manifests/yaml/read-yaml');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return {
    analyze,
    analyzeChange,
    AnalysisSettings,
    wouldDecide,
    undecidedMessage,
    Mesh,
    bothFacts,
    withInstalled,
    MeshChange,
    filterFor,
    readManifests,
    inNamespace,
    WorkloadKinds,
    problemMessage,
    parseYaml,
  };
}
