// What loading the library costs, beside cdk8s-plus-28: each in a fresh process, with cdk8s and constructs.
import { inFreshProcess, report, side } from './measure.mjs';

const requiring = (module) => () => inFreshProcess(`
  const start = process.hrtime.bigint();
  require(${JSON.stringify(module)});
  console.log(Number(process.hrtime.bigint() - start) / 1e6);`);

export function load({ root }) {
  const ms = side({ ours: requiring(root), theirs: requiring('cdk8s-plus-28') }, { runs: 15 });
  return report({
    what: 'require',
    ours: { name: 'cdk8s-istio-mtls', ms: ms.ours },
    theirs: { name: 'cdk8s-plus-28', ms: ms.theirs },
    bound: 1,
  });
}
