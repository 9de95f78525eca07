// Builds the referees and prints where they are: node conformance build [webhook|served|connections|measure|yaml|kube-apiserver|etcd|istiod|istioctl|ca]…
import { BINARIES, goBinary, isBinary } from './node/go-binary';
import { main } from './node/main';

void main(() => {
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : Object.keys(BINARIES)) {
    if (!isBinary(name)) throw new Error(`no referee '${name}'; expected ${Object.keys(BINARIES).join(', ')}`);
    console.log(`${name}\t${goBinary(name)}`);
  }
});
