// Whether istiod starts with CAs made at random, most of them broken, and peers accept what it signs, as the library says:
// node conformance cas [--count N] [--seed N]. No istiod runs: that is for the part `cas`. Needs a compiled lib/, Go and openssl.
import { parseArgs } from 'node:util';
import { differenceIn, judgedCas } from './cas/random';
import { RefereeUnavailable } from './node/go-binary';
import { main } from './node/main';
import { Openssl, opensslMissing } from './node/openssl';
import { seedOf } from '../exploration/seed';

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000' }, seed: { type: 'string' } } });

void main(() => {
  const lacking = opensslMissing();
  if (lacking) throw new RefereeUnavailable(lacking);
  const openssl = new Openssl();
  try {
    const judged = judgedCas(seedOf('cas', values.seed), Number(values.count), openssl);
    const differences = judged.flatMap((one) => differenceIn(one) ?? []);
    for (const line of differences.slice(0, 20)) console.log(line);
    const count = (isSo: (one: typeof judged[number]) => boolean): number => judged.filter(isSo).length;
    console.log(`${judged.length - differences.length} of ${judged.length} CAs are judged as istiod and openssl judge them; istiod does not start with ${count(({ verdict }) => verdict.refused !== undefined)} of them, and of the others peers reject what ${count(({ verdict }) => verdict.rejected !== undefined)} sign`);
    return differences.length === 0 ? 0 : 1;
  } finally {
    openssl.close();
  }
});
