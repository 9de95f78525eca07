// What a cluster with Istio would answer to the creation of each object, one JSON object a line:
//   node conformance admission-referee [--server FILE] [--raw] < objects.jsonl > verdicts.jsonl
//
// As in a cluster, istiod's webhook is shown what the API server has made of the object: its defaults are
// filled in. When the API server refuses an object the webhook is never asked in a cluster; here it is asked
// about the object as written, to tell what it would say. With --raw it is always asked about that.
import { runningServer, withApiServer } from './node/api-server';
import { ApiServerJudge } from './node/api-server-judge';
import { judgeLines } from './node/lines';
import { main } from './node/main';
import { WebhookJudge } from './node/webhook-judge';

const raw = process.argv.includes('--raw');

void main(() => withApiServer(runningServer(), async (client) => {
  const apiServer = new ApiServerJudge(client);
  const istiod = new WebhookJudge();
  try {
    await judgeLines((line) => judge(apiServer, istiod, line));
  } finally {
    istiod.close();
  }
}));

async function judge(apiServer: ApiServerJudge, istiod: WebhookJudge, line: string): Promise<object> {
  const { stored, ...admitted } = await apiServer.judge(line);
  const shown = raw ? line : stored ?? line;
  const webhook = await istiod.judge(shown);
  return {
    apiserver: admitted,
    webhook: { ...webhook, asked: shown === line ? 'written' : 'admitted' },
    allowed: both(admitted.allowed, webhook.allowed),
  };
}

/** One refusal refuses; without one, whoever came to no answer leaves it open. */
function both(first: boolean | null, second: boolean | null): boolean | null {
  return first === false || second === false ? false : first && second;
}
