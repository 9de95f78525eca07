// How many TLS handshakes calls make, and how many resume a session, written to recorded/handshake-counts.json:
//   node conformance handshake-counts
// Needs what the part `data-plane` needs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from './data-plane/ability';
import { handshakeCounts } from './data-plane/handshake-counts';
import { RefereeUnavailable } from './node/go-binary';
import { main } from './node/main';

void main(async () => {
  const lacking = missing();
  if (lacking) throw new RefereeUnavailable(`meshes can't run here: ${lacking}`);
  const file = join(__dirname, 'recorded', 'handshake-counts.json');
  writeFileSync(file, `${JSON.stringify(await handshakeCounts(), undefined, 2)}\n`);
  console.log(file);
});
