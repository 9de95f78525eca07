// Builds the referees and prints where they are: node conformance build [NAME]…, by the names in node/go-binary.ts.
import { BINARIES, goBinary, isBinary } from './node/go-binary';
import { main } from './node/main';

void main(() => {
  const asked = process.argv.slice(2);
  const buildable = Object.keys(BINARIES).filter((name) => name !== 'dataplane' || process.platform === 'linux');
  for (const name of asked.length > 0 ? asked : buildable) {
    if (!isBinary(name)) throw new Error(`no referee '${name}'; expected ${Object.keys(BINARIES).join(', ')}`);
    console.log(`${name}\t${goBinary(name)}`);
  }
});
