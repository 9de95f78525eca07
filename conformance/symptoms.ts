// What programs and sidecars see of connections that fail, and of one that doesn't, written to recorded/symptoms.json:
//   node conformance symptoms
// Needs what the part `data-plane` needs, and curl.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from './data-plane/ability';
import { symptoms } from './data-plane/symptoms';
import { RefereeUnavailable } from './node/go-binary';
import { main } from './node/main';

void main(async () => {
  const lacking = missing();
  if (lacking) throw new RefereeUnavailable(`meshes can't run here: ${lacking}`);
  const file = join(__dirname, 'recorded', 'symptoms.json');
  writeFileSync(file, `${JSON.stringify(await symptoms(), undefined, 2)}\n`);
  console.log(file);
});
