// Builds the referees and prints where they are: node conformance/build.mjs [webhook|served|connections|measure|yaml|kube-apiserver|etcd|istiod|istioctl]…
import { binaryNames, goBinary } from './node/go-binary.mjs';
import { main } from './node/main.mjs';

await main(() => {
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : binaryNames()) {
    console.log(`${name}\t${goBinary(name)}`);
  }
});
