import { documentedLines } from './documented/lines';
import { problemsOf, RECIPES } from './documented/recipes';
import { surrounded } from './documented/surroundings';
void surrounded(documentedLines(), async (s) => {
  console.log(new Date().toISOString(), 'up', s.prometheus.url);
  for (const { text } of documentedLines()) {
    if (!new RegExp(process.argv[2]).test(text)) continue;
    for (const trial of RECIPES.find(({ pattern }) => pattern.test(text))!.trials) console.log(new Date().toISOString(), text, '::', trial.about, ...(await problemsOf(text, trial, s)));
  }
  console.log((await s.site.run('istio-mtls plan --to STRICT --calls calls.json cluster.yaml')).out);
});
