import { startControlPlane } from './node/control-plane';
import { installCrds, istioCrds } from './node/crds';
import { KubeClient } from './node/kube-client';
import { documentedLines } from './documented/lines';
import { MergeRequestNotes } from './documented/merge-request-notes';
import { problemsOf, RECIPES } from './documented/recipes';
import { clusterObjects, filesOfCa } from './documented/shop';
import { Site } from './documented/site';
void (async () => {
  const { connection, processes } = await startControlPlane();
  const notes = new MergeRequestNotes();
  try {
    console.log(new Date().toISOString(), 'up');
    const client = new KubeClient(connection);
    await installCrds(client, istioCrds()); client.close();
    const site = new Site(connection, processes.folder);
    const newCa = Object.fromEntries(Object.entries(filesOfCa('new root')).map(([name, text]) => [`new-ca/${name}`, text]));
    site.write({ ...newCa, 'objects.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: clusterObjects() }) });
    await site.must('kubectl apply -f objects.json');
    await site.must(documentedLines().find(({ text }) => text.startsWith('kubectl get ') && text.endsWith(' > cluster.yaml'))!.text);
    await site.must('istio-mtls snapshot > cluster.json');
    console.log(new Date().toISOString(), 'site');
    const notesUrl = await notes.start();
    for (const { text } of documentedLines()) {
      if (text.includes('PROMETHEUS')) continue;
      if (process.argv[2] && !text.includes(process.argv[2])) continue;
      const recipe = RECIPES.find(({ pattern }) => pattern.test(text));
      for (const trial of recipe?.trials ?? []) {
        const problems = await problemsOf(text, trial, { site, notes, notesUrl, prometheus: { url: '' } as any });
        console.log(new Date().toISOString(), problems.length ? 'FAIL' : 'ok', text, '::', trial.about, ...problems);
      }
      if (recipe?.isOfRelease) {
        const faulty = text.replace(/^(helm template shop \.\/chart) -n shop /, '$1 ');
        if (faulty !== text) for (const trial of recipe.trials) console.log('FAULTY', trial.about, (await problemsOf(faulty, trial, { site, notes, notesUrl, prometheus: { url: '' } as any })).map((x) => x.slice(0, 100)));
      }
    }
    const { out } = await site.run('istio-mtls plan --to STRICT cluster.yaml'); console.log(out);
  } finally { notes.stop(); await processes.stop(); }
})();
