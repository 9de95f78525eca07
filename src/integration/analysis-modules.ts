// What MtlsAnalysis loads when somebody asks. The package has all of it in this one file, which the build makes: to load
// some 270 small ones would take as long as to judge a thousand workloads.
export { analyze, analyzeChange } from '../analysis/analysis';
export { undecidedMessage, wouldDecide } from '../analysis/would-decide';
export { AnalysisSettings } from './analysis-settings';
export { Fields } from '../configuration/settings-file';
export { EXPECTATION_FIELDS, expectationText, readExpectation } from '../expectations/expectation';
export { loadExpectations } from '../expectations/expectations-file';
export { Judge } from '../expectations/judge';
export { failureParts, witnessText } from '../expectations/wording';
export { inNamespace } from '../manifests/kinds';
export { readManifests } from '../manifests/manifests';
export { problemMessage } from '../manifests/problems';
export { WorkloadKinds } from '../manifests/kinds';
export { readYaml as parseYaml } from '../manifests/yaml/read-yaml';
export { MeshChange } from '../mesh/change/mesh-change';
export { withInstalled } from '../configuration/installed';
export { bothFacts } from '../mesh/config/control-plane-facts';
export { filterFor } from '../mesh/calls/selection';
export { Mesh } from '../mesh/mesh';
