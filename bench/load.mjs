// What loading the library costs, with what the README's first app takes from it, beside cdk8s-plus-28: each in a fresh
// process, with cdk8s and constructs.
import { inFreshProcess, report, side } from './measure.mjs';

const OF_THE_APP = ['MtlsAnalysis', 'MtlsMode', 'StrictMeshMtls', 'WorkloadOverride'];

const requiring = (module, names) => () => inFreshProcess(`
  const start = process.hrtime.bigint();
  const loaded = require(${JSON.stringify(module)});
  for (const name of ${JSON.stringify(names)}) if (!loaded[name]) throw new Error(name);
  console.log(Number(process.hrtime.bigint() - start) / 1e6);`);

export function load({ root }) {
  const ms = side({ ours: requiring(root, OF_THE_APP), theirs: requiring('cdk8s-plus-28', ['Deployment']) }, { runs: 15 });
  return report({
    what: 'require',
    ours: { name: 'cdk8s-istio-mtls', ms: ms.ours },
    theirs: { name: 'cdk8s-plus-28', ms: ms.theirs },
    bound: 1,
  });
}
