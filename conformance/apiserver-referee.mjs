// What a real kube-apiserver says about Istio objects, one JSON object a line:
//   node conformance/apiserver-referee.mjs [--server FILE] [--objects] < objects.jsonl > verdicts.jsonl
import { ApiServerJudge } from './node/api-server-judge.mjs';
import { runningServer, withApiServer } from './node/api-server.mjs';
import { judgeLines } from './node/lines.mjs';
import { main } from './node/main.mjs';

const withObjects = process.argv.includes('--objects');

await main(() => withApiServer(runningServer(), async (client) => {
  const judge = new ApiServerJudge(client);
  await judgeLines(async (line) => {
    const { stored, ...verdict } = await judge.judge(line);
    return withObjects && stored ? { ...verdict, object: JSON.parse(stored) } : verdict;
  });
}));
