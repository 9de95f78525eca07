// The records and messages of a handshake between two sidecars, written to recorded/handshake.json:
//   node conformance handshake
// Needs what the part `data-plane` needs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from './data-plane/ability';
import { handshake } from './data-plane/handshake';
import { RefereeUnavailable } from './node/go-binary';
import { main } from './node/main';

void main(async () => {
  const lacking = missing();
  if (lacking) throw new RefereeUnavailable(`meshes can't run here: ${lacking}`);
  const file = join(__dirname, 'recorded', 'handshake.json');
  writeFileSync(file, `${JSON.stringify(await handshake(), undefined, 2)}\n`);
  console.log(file);
});
